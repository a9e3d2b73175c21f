// Disks whose earlier contents come back: in the file, or in memory alone; and from a saved state.
#include "vmm/devices/versioned_disk.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/unit/devices/disk_file.h"
#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::uint64_t sector = DiskImage::sector_size;
constexpr std::uint64_t sectors = 4 * disk_block_size / sector + 3;  // the last block is cut

class VersionedDiskTest : public testing::Test {
 protected:
  static void put(VersionedDisk& disk, std::uint64_t at, std::uint8_t value, std::uint64_t count = 1) {
    EXPECT_TRUE(disk.write(at * sector, Bytes(count * sector, value)));
  }
  // The first byte of each sector.
  static Bytes look(const VersionedDisk& disk) {
    Bytes all(sectors * sector), firsts;
    EXPECT_TRUE(disk.read(0, all));
    for (std::uint64_t i = 0; i < sectors; ++i) firsts.push_back(all[i * sector]);
    return firsts;
  }
  Bytes file_as_seen() const {
    const Bytes all = file.bytes(0, sectors * sector);
    Bytes firsts;
    for (std::uint64_t i = 0; i < sectors; ++i) firsts.push_back(all[i * sector]);
    return firsts;
  }
  static Bytes zeros_but(std::initializer_list<std::pair<std::uint64_t, std::uint8_t>> written) {
    Bytes firsts(sectors);
    for (const auto& [at, value] : written) firsts[at] = value;
    return firsts;
  }

  DiskFile file{sectors * sector};
};

TEST_F(VersionedDiskTest, InMemoryItHasWhatWasWrittenAndTheFileDoesNot) {
  VersionedDisk disk(file.path(), DiskMode::Snapshot);
  file.put("x");
  put(disk, 1, 7);
  put(disk, 7, 8, 3);  // into the next block
  put(disk, 9, 9);
  put(disk, sectors - 1, 10);
  EXPECT_EQ(look(disk), zeros_but({{0, 'x'}, {1, 7}, {7, 8}, {8, 8}, {9, 9}, {sectors - 1, 10}}));
  EXPECT_EQ(file_as_seen(), zeros_but({{0, 'x'}}));
  EXPECT_TRUE(disk.flush());
  Bytes odd(600);
  EXPECT_TRUE(disk.read(7 * sector + 100, odd));
  EXPECT_EQ(odd, Bytes(600, 8));
}

TEST_F(VersionedDiskTest, DisksInMemoryShareAFileThatNobodyWrites) {
  VersionedDisk one(file.path(), DiskMode::Snapshot), other(file.path(), DiskMode::Snapshot);
  put(one, 1, 7);
  EXPECT_EQ(look(other), zeros_but({}));
  EXPECT_THROW(VersionedDisk(file.path(), DiskMode::ReadWrite), std::runtime_error);
}

TEST_F(VersionedDiskTest, AReadOnlyOneIsNotWritten) {
  VersionedDisk disk(file.path(), DiskMode::ReadOnly);
  EXPECT_FALSE(disk.write(0, Bytes(sector, 1)));
  const DiskContents contents = disk.contents();
  disk.set_contents(contents);
  EXPECT_EQ(look(disk), zeros_but({}));
}

TEST_F(VersionedDiskTest, EarlierContentsComeBackInAnyOrder) {
  for (const DiskMode mode : {DiskMode::Snapshot, DiskMode::ReadWrite}) {
    VersionedDisk disk(file.path(), mode);
    if (mode == DiskMode::ReadWrite) put(disk, 0, 99);
    const Bytes at_start = look(disk);
    const DiskContents start = disk.contents();
    put(disk, 0, 1);
    put(disk, sectors - 1, 2);
    const DiskContents first = disk.contents();
    const Bytes at_first = look(disk);
    put(disk, 0, 3);
    put(disk, 20, 4, 8);
    const DiskContents second = disk.contents();
    const Bytes at_second = look(disk);
    put(disk, 9, 5);
    const auto go_to = [&](const DiskContents& contents, const Bytes& expected) {
      disk.set_contents(contents);
      EXPECT_EQ(look(disk), expected);
      EXPECT_EQ(file_as_seen(), mode == DiskMode::ReadWrite ? expected : Bytes(sectors));
    };
    go_to(start, at_start);
    go_to(second, at_second);
    go_to(first, at_first);
    put(disk, 20, 6);  // another future
    put(disk, 9, 7);
    go_to(second, at_second);
    go_to(start, at_start);
  }
}

TEST_F(VersionedDiskTest, WithoutContentsToComeBackNothingIsKept) {
  VersionedDisk disk(file.path(), DiskMode::ReadWrite);
  std::weak_ptr<const BlockMap> base;
  {
    const DiskContents contents = disk.contents();
    base = contents.base;
    put(disk, 0, 1);
  }
  EXPECT_FALSE(base.expired());
  put(disk, 0, 2);
  EXPECT_TRUE(base.expired());
  const DiskContents contents = disk.contents();
  put(disk, 0, 3);
  disk.set_contents(contents);
  EXPECT_EQ(look(disk), zeros_but({{0, 2}}));
}

TEST_F(VersionedDiskTest, ContentsOfAnotherDiskAreRefused) {
  VersionedDisk disk(file.path(), DiskMode::Snapshot), other(file.path(), DiskMode::Snapshot);
  const DiskContents contents = disk.contents();
  EXPECT_THROW(other.set_contents(contents), StateError);
}

// A file that cannot be written beyond its first two blocks while this exists.
class FullHost final {
 public:
  FullHost() {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    set(2 * disk_block_size);
  }
  ~FullHost() {
    set(before_.rlim_cur);
    std::signal(SIGXFSZ, handler_);
  }
  FullHost(const FullHost&) = delete;
  FullHost& operator=(const FullHost&) = delete;

 private:
  void set(rlim_t size) {
    const rlimit limit{size, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

TEST_F(VersionedDiskTest, AFileThatCannotBeWrittenBackKeepsThePresent) {
  VersionedDisk disk(file.path(), DiskMode::ReadWrite);
  const DiskContents start = disk.contents();
  put(disk, 0, 1);
  put(disk, 20, 2);
  const Bytes present = look(disk);
  {
    const FullHost full;
    EXPECT_THROW(disk.set_contents(start), StateError);
    EXPECT_FALSE(disk.write(20 * sector, Bytes(sector, 3)));
  }
  EXPECT_EQ(look(disk), present);
  put(disk, 1, 4);
  disk.set_contents(start);
  EXPECT_EQ(file_as_seen(), zeros_but({}));
}

TEST_F(VersionedDiskTest, ASavedStateIsWhatDiffersFromTheFile) {
  StateBytes state;
  {
    VersionedDisk disk(file.path(), DiskMode::Snapshot);
    put(disk, 1, 7);
    put(disk, sectors - 1, 8);
    state = saved(disk);
  }
  VersionedDisk disk(file.path(), DiskMode::Snapshot);
  put(disk, 1, 9);
  put(disk, 2, 9);
  expect_truncated_is_refused(disk, state);
  restore(disk, state);
  EXPECT_EQ(look(disk), zeros_but({{1, 7}, {sectors - 1, 8}}));
  EXPECT_EQ(saved(disk), state);
}

TEST_F(VersionedDiskTest, AWrittenFileIsItsOwnState) {
  StateBytes state;
  {
    VersionedDisk disk(file.path(), DiskMode::ReadWrite);
    EXPECT_THROW(restore(disk, saved(disk)), StateError) << "the file would have to be written";
    const DiskContents contents = disk.contents();
    put(disk, 1, 7);
    state = saved(disk);
    EXPECT_LT(state.size(), disk_block_size);
  }
  VersionedDisk disk(file.path(), DiskMode::Snapshot);
  restore(disk, state);
  EXPECT_EQ(look(disk), zeros_but({{1, 7}}));
}

TEST_F(VersionedDiskTest, AStateOfAnotherFileOrBeyondTheEndIsRefused) {
  VersionedDisk disk(file.path(), DiskMode::Snapshot);
  put(disk, 1, 7);
  const StateBytes state = saved(disk);
  constexpr std::size_t size = 0, seconds = 8, nanoseconds = 16, count = 24, number = 32;
  for (const std::size_t field : {size, seconds, nanoseconds, count}) {
    EXPECT_THROW(restore(disk, with(state, field, std::int64_t{5})), StateError) << field;
  }
  EXPECT_THROW(restore(disk, with(state, number, std::uint64_t{5})), StateError);
  EXPECT_EQ(saved(disk), state);
}

}  // namespace
}  // namespace gdbvm
