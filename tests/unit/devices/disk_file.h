// A file of zeros for a disk, removed at the end of the test.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace gdbvm {

class DiskFile final {
 public:
  explicit DiskFile(std::uint64_t size) {
    const int fd = ::mkstemp(path_.data());
    EXPECT_GE(fd, 0);
    ::close(fd);
    cut(size);
  }
  ~DiskFile() { std::filesystem::remove(path_); }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  const std::string& path() const { return path_; }
  void cut(std::uint64_t size) const { std::filesystem::resize_file(path_, size); }
  std::vector<std::uint8_t> bytes(std::uint64_t offset, std::size_t size) const {
    std::vector<std::uint8_t> out(size);
    std::ifstream file(path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(size));
    EXPECT_TRUE(file);
    return out;
  }
  void put(const std::string& text) const {
    std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary) << text;
  }

 private:
  std::string path_ = testing::TempDir() + "gdbvm_disk_of_a_test_XXXXXX";
};

}  // namespace gdbvm
