// Reading files that are too large, not regular or not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "vmm/host/read_file.h"

namespace gdbvm {
namespace {

using testing::HasSubstr;

class ReadFileTest : public testing::Test {
 protected:
  ReadFileTest() {
    std::string pattern = testing::TempDir() + "gdbvm-file-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ReadFileTest() override { std::filesystem::remove_all(directory_); }
  std::string path(const char* name) const { return directory_ / name; }
  static std::string error(const std::string& path, std::uint64_t max_size = 1000) {
    const auto bytes = read_file(path, max_size, "a shoe box");
    return bytes ? "read" : bytes.error();
  }

  std::filesystem::path directory_;
};

TEST_F(ReadFileTest, ReadsAFileWhole) {
  std::ofstream(path("file")) << std::string(1000, 'x');
  const auto bytes = read_file(path("file"), 1000, "");
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(bytes->size(), 1000u);
}

TEST_F(ReadFileTest, RefusesWhatIsTooLargeOrNotARegularFile) {
  std::ofstream(path("file")) << std::string(1001, 'x');
  EXPECT_THAT(error(path("file")), HasSubstr("larger than a shoe box"));
  EXPECT_THAT(error(path("absent")), HasSubstr("No such file"));
  EXPECT_THAT(error(directory_), HasSubstr("is a directory"));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(error(path("fifo")), HasSubstr("not a regular file"));  // and does not wait for a writer
  EXPECT_THAT(error("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_THAT(error(""), HasSubstr("cannot open"));
}

TEST_F(ReadFileTest, AnEnormousSparseFileIsNotRead) {
  std::ofstream(path("sparse")) << "x";
  std::filesystem::resize_file(path("sparse"), std::uint64_t{1} << 40);
  EXPECT_THAT(error(path("sparse"), 1 << 20), HasSubstr("larger than a shoe box"));
}

}  // namespace
}  // namespace gdbvm
