// A history in a file: what is written is read again, and nothing else is.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/fake/fake_vm.h"
#include "vmm/history/keyframes.h"
#include "vmm/history/recording_reader.h"
#include "vmm/history/recording_writer.h"

namespace gdbvm::history {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// A machine, its past, and what is kept of it.
struct World {
  World() { machine.clock().reserve(true); }

  KeyframePtr keyframe(Event event, bool at_start, std::size_t met = 0) {
    Keyframe taken = keyframes.take();
    taken.event = event;
    taken.at_start = at_start;
    taken.met = met;
    taken.time = std::chrono::nanoseconds(event * 1000);
    return std::make_shared<const Keyframe>(std::move(taken));
  }
  void begin_segment() { timeline.add({.start = keyframe(timeline.next(), true), .meetings = {}}); }
  void write(std::uint64_t at, std::uint8_t value) { (void)machine.memory().write({at}, std::array{value}); }
  int byte(std::uint64_t at) { return std::to_integer<int>(*machine.memory().at({at}, 1)); }
  std::uint64_t& rax() { return vm.vcpus[0]->general_registers.rax; }

  FakeVm vm;
  Chipset chipset{1};
  Machine machine{vm, chipset, 4 << 20, boot::BootPlan{}};
  snapshot::MachineSnapshots snapshots{machine};
  Keyframes keyframes{machine, snapshots};
  Timeline timeline;
};

class RecordingTest : public testing::Test {
 protected:
  RecordingTest() {
    writer.emplace(RecordingWriter::Target{Fd(::dup(file.get())), 0, [this](int number) { failure = number; }},
                   past.machine, past.snapshots.ram());
    past.timeline.set_chronicler(&*writer);
  }
  void live() {
    past.begin_segment();
    past.timeline.present().meetings = {{3ms, Meeting::Kind::Access, true}, {4ms, Meeting::Kind::Halt}};
    past.write(0x3000, 1);
    past.rax() = 1;
    past.begin_segment();
    past.timeline.present().delivers = true;
    past.write(0x3001, 2);
    past.write(0x9fff, 9);
    past.timeline.present().end = past.keyframe(2, false, 0);
    past.rax() = 2;
    past.begin_segment();
    past.write(0x3000, 0);
  }
  void end() {
    past.timeline.present().meetings = {{5ms, Meeting::Kind::Wait}};
    writer->end(past.timeline, past.keyframe(past.timeline.last(), false, 1));
  }
  std::vector<std::byte> bytes() const {
    std::vector<std::byte> all(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)));
    EXPECT_EQ(::pread(file.get(), all.data(), all.size(), 0), static_cast<ssize_t>(all.size()));
    return all;
  }
  KeyframePtr read(std::span<const std::byte> records) {
    again.emplace();
    return read_recording(records, again->machine, again->snapshots.ram(), again->timeline);
  }
  std::string refusal(std::span<const std::byte> records) {
    try {
      (void)read(records);
    } catch (const StateError& error) {
      return error.what();
    }
    return "";
  }

  const Fd file{::memfd_create("recording", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  int failure = 0;
  World past;
  std::optional<RecordingWriter> writer;
  std::optional<World> again;
};

TEST_F(RecordingTest, ThePastIsReadAsItWas) {
  live();
  end();
  const KeyframePtr present = read(bytes());
  ASSERT_EQ(again->timeline.size(), 3u);
  EXPECT_EQ(again->timeline.at(1).meetings, past.timeline.at(1).meetings);
  EXPECT_FALSE(again->timeline.at(1).delivers);
  EXPECT_TRUE(again->timeline.at(2).delivers);
  EXPECT_EQ(again->timeline.at(3).start->time, 3000ns);
  ASSERT_TRUE(again->timeline.at(2).end);
  EXPECT_EQ(present->event, 3u);
  EXPECT_EQ(present->met, 1u);
  const auto stand_at = [this](const KeyframePtr& place) { again->keyframes.put_back(*place); };
  stand_at(again->timeline.at(1).start);
  EXPECT_EQ(again->byte(0x3000), 0);
  stand_at(again->timeline.at(2).start);
  EXPECT_EQ(again->byte(0x3000), 1);
  EXPECT_EQ(again->rax(), 1u);
  stand_at(again->timeline.at(2).end);
  EXPECT_EQ(again->byte(0x9fff), 9);
  EXPECT_EQ(again->rax(), 1u);
  stand_at(again->timeline.at(3).start);
  EXPECT_EQ(again->byte(0x3001), 2);
  EXPECT_EQ(again->rax(), 2u);
  stand_at(present);
  EXPECT_EQ(again->byte(0x3000), 0);
  EXPECT_TRUE(again->keyframes.is_at(*present));
}

TEST_F(RecordingTest, APageThatHasChangedALittleTakesLittle) {
  live();
  const std::size_t before = bytes().size();
  past.write(0x3002, 3);
  past.begin_segment();
  EXPECT_LT(bytes().size() - before, 2000u) << "a page is 4096 bytes, and the states do not change";
}

TEST_F(RecordingTest, ItIsGoodUpToItsLastWholeRecord) {
  live();
  end();
  const auto all = bytes();
  std::size_t refused = 0, last = 0;
  for (std::size_t size = 0; size <= all.size(); size += 7) {
    if (!refusal(std::span(all).first(size)).empty()) {
      ++refused;
      EXPECT_EQ(last, 0u) << "once there is a whole record it is good: " << size;
      continue;
    }
    EXPECT_GE(again->timeline.size(), last);
    last = again->timeline.size();
  }
  EXPECT_EQ(last, 3u);
  EXPECT_GT(refused, 0u);
}

TEST_F(RecordingTest, WhoWasKilledBeforeTheEndLeavesItsLastStart) {
  live();
  const KeyframePtr present = read(bytes());
  EXPECT_EQ(present, again->timeline.at(3).start);
}

TEST_F(RecordingTest, AChangedByteIsRefused) {
  live();
  end();
  auto changed = bytes();
  changed[changed.size() - 1] ^= std::byte{1};
  EXPECT_EQ(refusal(changed), "a record's checksum is wrong");
}

TEST_F(RecordingTest, ANewFutureReplacesTheOldOne) {
  live();
  const KeyframePtr here = past.timeline.at(2).start;
  past.keyframes.put_back(*here);
  past.timeline.forget_after(*here);
  past.write(0x5000, 5);
  past.begin_segment();
  end();
  const KeyframePtr present = read(bytes());
  EXPECT_EQ(again->timeline.last(), 3u);
  EXPECT_FALSE(again->timeline.at(2).delivers);
  EXPECT_FALSE(again->timeline.at(2).end);
  again->keyframes.put_back(*present);
  EXPECT_EQ(again->byte(0x5000), 5);
  EXPECT_EQ(again->byte(0x9fff), 0);
}

TEST_F(RecordingTest, ANewHistoryForgetsTheOldOne) {
  live();
  past.timeline.clear();
  past.begin_segment();
  EXPECT_EQ(read(bytes())->event, 4u);
  EXPECT_EQ(again->timeline.first(), 4u);
  EXPECT_EQ(again->timeline.size(), 1u);
}

TEST_F(RecordingTest, WhatCannotBeWrittenIsToldOnceAndLeavesWholeRecords) {
  live();
  const auto good = bytes();
  ASSERT_EQ(::fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW), 0);
  past.begin_segment();
  EXPECT_EQ(failure, EPERM);
  failure = 0;
  past.begin_segment();
  end();
  EXPECT_EQ(failure, 0);
  EXPECT_EQ(bytes(), good);
  EXPECT_EQ(refusal(good), "");
}

// As somebody writes it who knows the format.
TEST_F(RecordingTest, RecordsThatMakeNoSenseAreRefused) {
  const auto record = [](RecordKind kind, std::uint64_t event) {
    StateWriter payload;
    payload.put(event);
    RecordHeader header{.kind = kind, .size = payload.bytes().size()};
    header.checksum = checksum_of(header, payload.bytes());
    StateWriter all;
    all.put_bytes(std::as_bytes(std::span(&header, 1)));
    all.put_bytes(payload.bytes());
    return all.bytes();
  };
  EXPECT_EQ(refusal({}), "there is nothing in it");
  EXPECT_EQ(refusal(record(RecordKind::Course, 1)), "it does not begin with a start");
  EXPECT_THAT(refusal(record(RecordKind::Start, 1)), HasSubstr("truncated"));
  live();
  const auto after = [&](const std::vector<std::byte>& more) {
    auto all = bytes();
    all.insert(all.end(), more.begin(), more.end());
    return refusal(all);
  };
  EXPECT_EQ(after(record(RecordKind::Course, 4)), "a course is of no segment");
  EXPECT_EQ(after(record(RecordKind{9}, 1)), "there is a record of an unknown kind");
  end();
  EXPECT_EQ(after(record(RecordKind::Course, 3)), "it goes on after its end");
}

}  // namespace
}  // namespace gdbvm::history
