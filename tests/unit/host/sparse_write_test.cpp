// What is written, and what stays a hole.
#include "vmm/host/sparse_write.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "vmm/host/fd.h"

namespace gdbvm {
namespace {

constexpr std::size_t block = 4096;

struct SparseWrite : testing::Test {
  TemporaryDirectory directory;
  const std::string path = directory.path() + "/file";
  const Fd file{::open(path.c_str(), O_RDWR | O_CREAT, 0600)};
};

TEST_F(SparseWrite, BlocksOfZerosStayHoles) {
  std::vector<std::uint8_t> bytes(64 * block);
  bytes[16 * block] = 1;
  bytes[18 * block - 1] = 2;
  bytes[63 * block] = 3;
  ASSERT_TRUE(write_sparsely(file.get(), bytes, block, block));
  auto read = read_whole(path);
  EXPECT_EQ(std::vector(read.begin() + block, read.end()), bytes);
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_DATA), static_cast<off_t>(17 * block));
  EXPECT_EQ(::lseek(file.get(), 17 * block, SEEK_HOLE), static_cast<off_t>(19 * block));
}

TEST_F(SparseWrite, SaysThatThereIsNoRoom) {
  const Fd full(::open("/dev/full", O_WRONLY));
  const std::vector<std::uint8_t> bytes(block, 1);
  EXPECT_FALSE(write_at(full.get(), bytes, 0));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_FALSE(write_sparsely(full.get(), bytes, 0, block));
}

}  // namespace
}  // namespace gdbvm
