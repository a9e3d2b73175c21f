// Pages that were written, pages of a file, and none.
#include "vmm/memory/used_pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"

namespace gdbvm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Pages = UsedPages::Run;

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
Gpa page(std::uint64_t number) { return {number * page_size}; }
void touch(GuestMemory& memory, Gpa at) { *memory.at(at, 1) = std::byte{1}; }

TEST(UsedPages, AreThoseThatWereWritten) {
  GuestMemory memory(64 * page_size);
  const UsedPages used(memory);
  EXPECT_THAT(used.in({0}, 64 * page_size), IsEmpty());
  for (const std::uint64_t number : {0, 3, 4, 63}) touch(memory, page(number));
  EXPECT_THAT(used.in({0}, 64 * page_size),
              ElementsAre(Pages{page(0), page_size}, Pages{page(3), 2 * page_size}, Pages{page(63), page_size}));
  EXPECT_THAT(used.in(page(4), page_size), ElementsAre(Pages{page(4), page_size}));
  memory.clear();
  EXPECT_THAT(used.in({0}, 64 * page_size), IsEmpty());
}

TEST(UsedPages, AreFoundAboveTheHole) {
  GuestMemory memory(4 * gib);
  touch(memory, {4 * gib + 5 * page_size});
  EXPECT_THAT(UsedPages(memory).in({4 * gib}, 16 * page_size),
              ElementsAre(Pages{{4 * gib + 5 * page_size}, page_size}));
}

// 16 pages after one of something else; data at the pages 4 and 5 and 15 of RAM.
std::string sparse_file(const TemporaryDirectory& directory) {
  std::string path = directory.path() + "/ram";
  const Fd file(::open(path.c_str(), O_RDWR | O_CREAT, 0600));
  EXPECT_EQ(::ftruncate(file.get(), 17 * page_size), 0);
  const std::string data(page_size, 'd');
  for (const int number : {0, 5, 6, 16}) {
    EXPECT_EQ(::pwrite(file.get(), data.data(), page_size, number * static_cast<off_t>(page_size)), 4096);
  }
  return path;
}

TEST(UsedPages, AreThoseOfAFileToo) {
  const TemporaryDirectory directory;
  GuestMemory memory(16 * page_size);
  memory.map_file(Fd(::open(sparse_file(directory).c_str(), O_RDONLY)), page_size);
  const UsedPages used(memory);
  EXPECT_THAT(used.in({0}, 16 * page_size), ElementsAre(Pages{page(4), 2 * page_size}, Pages{page(15), page_size}));
  touch(memory, page(0));
  EXPECT_THAT(used.in({0}, 8 * page_size), ElementsAre(Pages{page(0), page_size}, Pages{page(4), 2 * page_size}));
  memory.clear();
  EXPECT_THAT(used.in({0}, 16 * page_size), IsEmpty());
}

}  // namespace
}  // namespace gdbvm
