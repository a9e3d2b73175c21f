// Reading image files that are none, or too large, or not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "vmm/boot/image.h"

namespace gdbvm::boot {
namespace {

using testing::HasSubstr;

class ImageFileTest : public testing::Test {
 protected:
  ImageFileTest() {
    std::string pattern = testing::TempDir() + "gdbvm-image-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ImageFileTest() override { std::filesystem::remove_all(directory_); }
  std::string path(const char* name) const { return directory_ / name; }
  static std::string error(const std::string& path, std::uint64_t max_size = 1000) {
    const auto bytes = read_image_file(path, max_size);
    return bytes ? "read" : bytes.error();
  }

  std::filesystem::path directory_;
};

TEST_F(ImageFileTest, ReadsAFileWhole) {
  std::ofstream(path("image")) << std::string(1000, 'x');
  const auto bytes = read_image_file(path("image"), 1000);
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(bytes->size(), 1000u);
}

TEST_F(ImageFileTest, WhatIsNoImageFile) {
  std::ofstream(path("image")) << std::string(1001, 'x');
  EXPECT_THAT(error(path("image")), HasSubstr("larger than the guest's memory"));
  EXPECT_THAT(error(path("absent")), HasSubstr("No such file"));
  EXPECT_THAT(error(directory_), HasSubstr("is a directory"));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(error(path("fifo")), HasSubstr("not a regular file"));  // and does not wait for a writer
  EXPECT_THAT(error("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_THAT(error(""), HasSubstr("cannot open"));
}

TEST_F(ImageFileTest, AnEnormousSparseFileIsNotRead) {
  std::ofstream(path("sparse")) << "x";
  std::filesystem::resize_file(path("sparse"), std::uint64_t{1} << 40);
  EXPECT_THAT(error(path("sparse"), 1 << 20), HasSubstr("larger than the guest's memory"));
}

}  // namespace
}  // namespace gdbvm::boot
