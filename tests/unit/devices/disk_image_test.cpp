// What can be a disk and what cannot, and who has it locked.
#include "vmm/devices/disk_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/devices/disk_file.h"

namespace gdbvm {
namespace {

std::string refusal(const std::string& path, bool read_only = false) {
  try {
    const DiskImage image(path, read_only);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(DiskImage, HasWholeSectors) {
  const DiskFile file(3 * 512), odd(513), empty(0);
  EXPECT_EQ(DiskImage(file.path(), true).sectors(), 3u);
  EXPECT_EQ(refusal(odd.path()), odd.path() + " is not a positive multiple of 512 bytes long");
  EXPECT_EQ(refusal(empty.path()), empty.path() + " is not a positive multiple of 512 bytes long");
  EXPECT_EQ(refusal(empty.path(), true), refusal(empty.path()));
  const DiskImage padded(odd.path(), true);
  EXPECT_EQ(padded.sectors(), 2u);
  std::vector<std::uint8_t> last(512, 0xff);
  EXPECT_TRUE(padded.read(512, last));
  EXPECT_EQ(last, std::vector<std::uint8_t>(512));
}

TEST(DiskImage, IsAFile) {
  EXPECT_EQ(refusal("/", true), "/ is neither a file nor a block device");
  EXPECT_EQ(refusal("/absent"), "/absent cannot be opened: No such file or directory");
  EXPECT_THAT(refusal("/dev/null"), testing::EndsWith("is neither a file nor a block device"));
}

TEST(DiskImage, OneThatIsWrittenIsNobodyElses) {
  const DiskFile file(512);
  {
    const DiskImage reader(file.path(), true), another(file.path(), true);
    EXPECT_THAT(refusal(file.path()), testing::EndsWith("is in use as a disk already"));
  }
  const DiskImage writer(file.path(), false);
  EXPECT_THAT(refusal(file.path(), true), testing::EndsWith("is in use as a disk already"));
}

TEST(DiskImage, QcowIsNotRaw) {
  const DiskFile file(512);
  file.put("QFI\xfb");
  EXPECT_THAT(refusal(file.path()), testing::HasSubstr("is a qcow2 image"));
}

TEST(DiskImage, BeyondTheEndNothingIsRead) {
  const DiskFile file(512);
  DiskImage image(file.path(), false);
  std::vector<std::uint8_t> bytes(512, 1);
  EXPECT_TRUE(image.write(0, bytes));
  EXPECT_TRUE(image.flush());
  EXPECT_EQ(file.bytes(0, 512), bytes);
  EXPECT_FALSE(image.read(1, bytes));
}

}  // namespace
}  // namespace gdbvm
