// The parts of a client's state that have rules of their own.
#include "gdbstub/session/client_state.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "support/toy_target.h"

namespace gdbstub {
namespace {

StopEvent stop_of(std::uint32_t thread) { return {{thread}, stop::Signalled{Signal::Trap}, {}}; }

TEST(NonStopQueue, OneStopIsUnderWayAtATime) {
  NonStopQueue queue;
  EXPECT_EQ(queue.current(), nullptr);
  EXPECT_TRUE(queue.add(stop_of(1)));
  EXPECT_FALSE(queue.add(stop_of(2)));
  EXPECT_EQ(queue.current()->thread, ThreadId{1});
  queue.acknowledge();
  EXPECT_EQ(queue.current()->thread, ThreadId{2});
  queue.acknowledge();
  EXPECT_EQ(queue.current(), nullptr);
  queue.acknowledge();
  EXPECT_TRUE(queue.add(stop_of(3)));
}

TEST(NonStopQueue, AThreadWhoseStopIsNotKnownCannotBeResumed) {
  NonStopQueue queue;
  queue.add(stop_of(1));
  queue.mark_stopped(stop_of(2));
  EXPECT_FALSE(queue.is_resumable({1}));
  EXPECT_TRUE(queue.is_resumable({2}));
  EXPECT_FALSE(queue.is_resumable({3}));
  queue.acknowledge();
  EXPECT_TRUE(queue.is_resumable({1}));
  queue.mark_running({1});
  EXPECT_FALSE(queue.is_resumable({1}));
  EXPECT_FALSE(queue.is_stopped({1}));
}

TEST(NonStopQueue, AReportMayNeedSeveralRounds) {
  NonStopQueue queue;
  for (std::uint32_t thread = 1; thread <= 3; ++thread) queue.mark_stopped(stop_of(thread));
  queue.report_all(false);
  EXPECT_EQ(queue.current()->thread, ThreadId{1});
  EXPECT_FALSE(queue.is_resumable({3}));
  queue.acknowledge();
  EXPECT_EQ(queue.current(), nullptr);
  EXPECT_TRUE(queue.begin_next_round());
  EXPECT_EQ(queue.current()->thread, ThreadId{2});
  queue.acknowledge();
  EXPECT_EQ(queue.current()->thread, ThreadId{3});
  queue.acknowledge();
  EXPECT_FALSE(queue.begin_next_round());
  queue.report_all(true);
  queue.acknowledge();
  EXPECT_EQ(queue.current()->thread, ThreadId{2});
  EXPECT_FALSE(queue.begin_next_round());
}

TEST(SavedRegisters, TheOldestStateMakesRoomAndEachIsHandedOutOnce) {
  SavedRegisters saved;
  const std::uint64_t first = saved.save({0});
  for (std::uint8_t i = 1; i <= SavedRegisters::max_states; ++i) saved.save({i});
  EXPECT_EQ(saved.take(first), std::nullopt);
  EXPECT_EQ(saved.take(first + 1), std::vector<std::uint8_t>{1});
  EXPECT_EQ(saved.take(first + 1), std::nullopt);
}

TEST(ServedFiles, DescriptorsAreFewAndUsedAgain) {
  toy::ToyTarget target([](TargetEvent) {});
  target.exec_path = "/dev/null";
  ServedFiles files;
  EXPECT_EQ(files.open(target, "/etc/passwd"), std::unexpected(FileError::NoEntry));
  for (std::uint64_t fd = 1; fd <= ServedFiles::max_open; ++fd) EXPECT_EQ(files.open(target, "/dev/null"), fd);
  EXPECT_EQ(files.open(target, "/dev/null"), std::unexpected(FileError::TooManyFiles));
  EXPECT_TRUE(files.close(3));
  EXPECT_EQ(files.find(3), nullptr);
  EXPECT_FALSE(files.close(3));
  EXPECT_EQ(files.open(target, "/dev/null"), 3u);
  EXPECT_EQ(files.find(0), nullptr);
  EXPECT_EQ(files.find(ServedFiles::max_open + 1), nullptr);
}

TEST(Transfer, PiecesComeFromOneDocument) {
  using Object = Transfer::Object;
  Transfer transfer;
  EXPECT_FALSE(transfer.holds(Object::Features, ""));
  transfer.set(Object::Features, "target.xml", "abc");
  EXPECT_TRUE(transfer.holds(Object::Features, "target.xml"));
  EXPECT_FALSE(transfer.holds(Object::Threads, "target.xml"));
  EXPECT_FALSE(transfer.holds(Object::Features, "other.xml"));
  EXPECT_EQ(transfer.rest(1), "bc");
  EXPECT_EQ(transfer.rest(~std::uint64_t{0}), "");
}

TEST(Remarks, AreLinesUpToALimit) {
  Remarks remarks;
  remarks.add("");
  remarks.add("one");
  remarks.add("two\n");
  remarks.add(std::string(Remarks::max_size, 'x'));
  EXPECT_EQ(remarks.take(), "one\ntwo\n");
  EXPECT_EQ(remarks.take(), "");
}

}  // namespace
}  // namespace gdbstub
