// Snapshots written and read back.
#include "vmm/snapshot/file_writer.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include <gmock/gmock.h>

#include "tests/unit/snapshot/snapshot_rig.h"

namespace gdbvm::snapshot {
namespace {

using testing::ElementsAre;
using testing::EndsWith;

struct FileWriterTest : testing::Test, SnapshotRig {
  std::size_t file_count() const {
    const std::filesystem::directory_iterator files(directory.path());
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
};

TEST_F(FileWriterTest, AllComesBack) {
  use_memory();
  ASSERT_EQ(write(), "");
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved) << saved.error();
  EXPECT_EQ(saved->description(), some_description());
  EXPECT_EQ(saved->memory_size(), memory.size());
  EXPECT_TRUE(std::ranges::equal(saved->states(), states));
  EXPECT_TRUE(std::ranges::equal(saved->disks(), disks));
  ASSERT_EQ(saved->roms().size(), 1u);
  EXPECT_EQ(saved->roms()[0].start, rom);
  EXPECT_EQ(saved->roms()[0].bytes, std::vector<std::uint8_t>(page_size, 0x77));

  GuestMemory restored(saved->memory_size());
  saved->map_ram(restored);
  std::vector<std::uint8_t> before(memory.size()), after(memory.size());
  memory.read({0}, before);
  restored.read({0}, after);
  EXPECT_EQ(before, after);
}

TEST_F(FileWriterTest, ADescriptionMayBeEmpty) {
  ASSERT_TRUE(write_file(path, memory, {}));
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved) << saved.error();
  EXPECT_EQ(saved->description(), Description{});
  EXPECT_TRUE(saved->states().empty());
}

TEST_F(FileWriterTest, RamAboveTheHoleFollowsThatBelow) {
  constexpr std::uint64_t gib = std::uint64_t{1} << 30;
  GuestMemory large(4 * gib);
  fill(large, {3 * gib - page_size}, 0x33);
  fill(large, {4 * gib}, 0x44);
  for (std::uint64_t i = 0; i < 512; ++i) fill(large, {gib + i * page_size}, 0);
  ASSERT_TRUE(write_file(path, large, {}));
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_LT(status.st_blocks * 512, 1 << 20) << "zeros are holes";

  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved) << saved.error();
  GuestMemory restored(saved->memory_size());
  saved->map_ram(restored);
  EXPECT_EQ(byte(restored, 3 * gib - 1), 0x33);
  EXPECT_EQ(byte(restored, 4 * gib), 0x44);
  EXPECT_EQ(byte(restored, 4 * gib + page_size), 0);
}

TEST_F(FileWriterTest, ADisplaysMemoryFollowsAllOfRam) {
  constexpr std::uint64_t gib = std::uint64_t{1} << 30;
  constexpr GuestMemory::Range display{{0xfd000000}, 8 * page_size};
  GuestMemory large(4 * gib, {}, display);
  fill(large, {4 * gib}, 0x44);
  fill(large, display.start + 7 * page_size, 0x55);
  ASSERT_TRUE(write_file(path, large, {}));
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved) << saved.error();
  EXPECT_EQ(saved->memory_size(), 4 * gib);
  EXPECT_EQ(saved->display_size(), display.size);
  GuestMemory restored(saved->memory_size(), {}, display);
  saved->map_ram(restored);
  EXPECT_EQ(byte(restored, 4 * gib), 0x44);
  EXPECT_EQ(byte(restored, 0xfd000000), 0);
  EXPECT_EQ(byte(restored, 0xfd000000 + 8 * page_size - 1), 0x55);
}

TEST_F(FileWriterTest, AnyNumberStartFromOneFile) {
  use_memory();
  ASSERT_EQ(write(), "");
  const auto bytes = read_whole(path);
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved);
  GuestMemory one(memory.size()), other(memory.size());
  saved->map_ram(one);
  saved->map_ram(other);
  fill(one, {0}, 1);
  fill(other, {2 * page_size}, 2);
  EXPECT_EQ(byte(one, 2 * page_size), 0x22);
  EXPECT_EQ(byte(other, 0), 0);
  EXPECT_EQ(read_whole(path), bytes);
}

TEST_F(FileWriterTest, ARestoredMachineIsSavedAgain) {
  use_memory();
  ASSERT_EQ(write(), "");
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved);
  GuestMemory restored(memory.size());
  saved->map_ram(restored);
  fill(restored, {2 * page_size}, 0);
  fill(restored, {5 * page_size}, 0x55);
  const std::string again = directory.path() + "/again";
  ASSERT_TRUE(write_file(again, restored, {}));
  const auto second = SavedMachine::open(again);
  ASSERT_TRUE(second);
  GuestMemory twice(memory.size());
  second->map_ram(twice);
  EXPECT_EQ(byte(twice, 2 * page_size), 0);
  EXPECT_EQ(byte(twice, 5 * page_size), 0x55);
  EXPECT_EQ(byte(twice, 9 * page_size), 0x99) << "not written since it was restored";
}

TEST_F(FileWriterTest, WhatADebuggerHasPlantedStaysOut) {
  use_memory();
  class Planted final : public PlantedBytes {
    void hide(Gpa start, std::span<std::uint8_t> copy) const override {
      for (const Gpa planted : {Gpa{2 * page_size + 7}, rom + 7}) {
        if (planted >= start && planted - start < copy.size()) copy[planted - start] = 0x11;
      }
    }
    void replant(Gpa, std::uint64_t) override {}
  } planted;
  memory.set_planted(&planted);
  ASSERT_EQ(write(), "");
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved);
  GuestMemory restored(memory.size());
  saved->map_ram(restored);
  EXPECT_EQ(byte(restored, 2 * page_size + 7), 0x11);
  EXPECT_EQ(saved->roms()[0].bytes[7], 0x11);
}

TEST_F(FileWriterTest, ReplacesASnapshotAndNothingElse) {
  ASSERT_EQ(write(), "");
  use_memory();
  ASSERT_EQ(write(), "");
  EXPECT_EQ(SavedMachine::open(path)->roms().size(), 1u) << "the second one";
  directory.write("snapshot", "my thesis");
  EXPECT_THAT(write(), EndsWith("snapshot: it exists, and gdbvm did not write it"));
}

TEST_F(FileWriterTest, OneThatIsReplacedStaysForWhoeverHasIt) {
  use_memory();
  ASSERT_EQ(write(), "");
  const auto saved = SavedMachine::open(path);
  ASSERT_TRUE(saved);
  GuestMemory restored(memory.size());
  saved->map_ram(restored);
  fill(memory, {9 * page_size}, 0xaa);
  ASSERT_EQ(write(), "");
  EXPECT_EQ(byte(restored, 9 * page_size), 0x99);
}

TEST_F(FileWriterTest, ComesInPiecesAndWholeOrNotAtAll) {
  GuestMemory larger(16 << 20);
  {
    auto writer = FileWriter::beside(path, larger);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write_contents({}));
    EXPECT_EQ(writer->more([] { return true; }), false);
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_EQ(file_count(), 0u);
  auto writer = FileWriter::beside(path, larger);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write_contents({}));
  int pieces = 1;
  while (!writer->more([] { return true; }).value()) ++pieces;
  EXPECT_GT(pieces, 2);
  EXPECT_EQ(refusal(), "");
}

// A limit on the size of files is met as a full disk is.
TEST_F(FileWriterTest, NothingIsLeftWhereThereIsNoRoom) {
  use_memory();
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{8192, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string error = write();
  const auto empty = write_file(path, GuestMemory(pages * page_size), {});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(error, "cannot write " + path + ": File too large");
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error(), error);
  EXPECT_EQ(file_count(), 0u);
}

}  // namespace
}  // namespace gdbvm::snapshot
