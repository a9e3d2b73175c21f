// Reading files that are too large, not regular, not there or shorter than they say.
#include "vmm/host/read_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/temporary_directory.h"

namespace gdbvm {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct ReadFileTest : testing::Test {
  TemporaryDirectory directory;

  static std::string error(const std::string& path, std::uint64_t max_size = 1000) {
    const auto bytes = read_file(path, max_size, "a shoe box");
    return bytes ? "read" : bytes.error();
  }
};

TEST_F(ReadFileTest, AFileAsLargeAsAllowedIsReadWhole) {
  std::vector<std::uint8_t> written(1000);
  for (std::size_t i = 0; i < written.size(); ++i) written[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  const auto bytes = read_file(directory.write("file", written), 1000, "");
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(*bytes, written);
}

TEST_F(ReadFileTest, WhatIsTooLargeOrNotARegularFileIsRefused) {
  EXPECT_THAT(error(directory.write("file", std::string(1001, 'x'))), HasSubstr("larger than a shoe box"));
  EXPECT_THAT(error(directory.path() + "/absent"), HasSubstr("No such file"));
  EXPECT_THAT(error(directory.path()), HasSubstr("is a directory"));
  const std::string fifo = directory.path() + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(error(fifo), HasSubstr("not a regular file"));  // and does not wait for a writer
  EXPECT_THAT(error("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_THAT(error(""), HasSubstr("cannot open"));
}

TEST_F(ReadFileTest, AnEnormousSparseFileIsNotRead) {
  const std::string sparse = directory.write("sparse", "x");
  fs::resize_file(sparse, std::uint64_t{1} << 40);
  EXPECT_THAT(error(sparse, 1 << 20), HasSubstr("larger than a shoe box"));
}

// The files of sysfs have a page, they say; a file that is being shortened looks the same.
TEST_F(ReadFileTest, AFileThatEndsEarlyHasTheBytesThatAreThere) {
  const std::string path = "/sys/devices/system/cpu/online";
  std::error_code absent;
  if (fs::file_size(path, absent) < 2 || absent) GTEST_SKIP() << "needs sysfs";
  const auto bytes = read_file(path, 1 << 20, "");
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(*bytes, read_whole(path));
}

}  // namespace
}  // namespace gdbvm
