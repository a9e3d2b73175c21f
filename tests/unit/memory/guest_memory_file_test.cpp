// RAM that begins as a file's contents.
#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/page_set.h"

namespace gdbvm {
namespace {

constexpr std::uint64_t pages = 4;

struct GuestMemoryFile : testing::Test {
  TemporaryDirectory directory;
  // A page of something else, and then RAM, each page of it full of its number plus one.
  const std::string path = [this] {
    std::string text(page_size, 'x');
    for (std::uint64_t i = 0; i < pages; ++i) text.append(page_size, static_cast<char>(i + 1));
    return directory.write("ram", text);
  }();
  const std::vector<std::uint8_t> before = read_whole(path);

  Fd open() const { return Fd(::open(path.c_str(), O_RDONLY)); }
  static int byte(const GuestMemory& memory, std::uint64_t at) { return std::to_integer<int>(*memory.at({at}, 1)); }
  static void set(GuestMemory& memory, std::uint64_t at, int value) {
    *memory.at({at}, 1) = static_cast<std::byte>(value);
  }
};

TEST_F(GuestMemoryFile, RamReadsAsTheFile) {
  GuestMemory memory(pages * page_size);
  const std::byte* const host = memory.at({0}, 1);
  set(memory, 5, 0x55);
  memory.map_file(open(), page_size);
  for (std::uint64_t i = 0; i < pages; ++i) EXPECT_EQ(byte(memory, i * page_size + 5), static_cast<int>(i + 1));
  EXPECT_EQ(memory.at({0}, 1), host) << "pointers into RAM stay";
}

TEST_F(GuestMemoryFile, EachHasItsOwnWritesAndTheFileNone) {
  GuestMemory one(pages * page_size), other(pages * page_size);
  one.map_file(open(), page_size);
  other.map_file(open(), page_size);
  set(one, 7, 0x11);
  set(other, 7, 0x22);
  EXPECT_EQ(byte(one, 7), 0x11);
  EXPECT_EQ(byte(other, 7), 0x22);
  EXPECT_EQ(byte(other, 8), 1);
  EXPECT_EQ(read_whole(path), before);
}

TEST_F(GuestMemoryFile, ToMapItAndToStartOverAreWritesToAllPages) {
  GuestMemory memory(pages * page_size);
  memory.note_writes(true);
  memory.map_file(open(), page_size);
  EXPECT_TRUE(memory.written()->is_all());
  memory.written()->clear();
  memory.start_over();
  EXPECT_TRUE(memory.written()->is_all());
  memory.written()->clear();
  memory.clear();
  EXPECT_TRUE(memory.written()->is_all());
}

TEST_F(GuestMemoryFile, StartsOverAsTheFile) {
  GuestMemory memory(pages * page_size);
  memory.map_file(open(), page_size);
  set(memory, page_size, 0x11);
  memory.start_over();
  EXPECT_EQ(byte(memory, page_size), 2);
}

TEST_F(GuestMemoryFile, ClearsToZerosForGood) {
  GuestMemory memory(pages * page_size);
  memory.map_file(open(), page_size);
  memory.clear();
  for (std::uint64_t i = 0; i < pages; ++i) EXPECT_EQ(byte(memory, i * page_size), 0);
  set(memory, 0, 1);
  memory.start_over();
  EXPECT_EQ(byte(memory, 0), 0);
  EXPECT_EQ(memory.backing().fd, -1);
}

TEST_F(GuestMemoryFile, IsRefusedAtABrokenPage) {
  GuestMemory memory(pages * page_size);
  EXPECT_THROW(memory.map_file(open(), 5), std::system_error);
  EXPECT_THROW(memory.map_file(Fd(::open("/", O_RDONLY)), 0), std::system_error);
}

TEST_F(GuestMemoryFile, TheCallIsTold) {
  std::string calls;
  GuestMemory memory(pages * page_size, [&](std::string_view call) { calls += call; });
  calls.clear();
  memory.map_file(open(), page_size);
  EXPECT_EQ(calls.rfind("mmap(guest RAM, size=0x4000, PRIVATE|NORESERVE, fd=", 0), 0u);
  EXPECT_NE(calls.find(", offset=0x1000) = 0x"), std::string::npos);
}

}  // namespace
}  // namespace gdbvm
