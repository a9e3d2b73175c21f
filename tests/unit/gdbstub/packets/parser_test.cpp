// From packets to commands, and the limits of their arguments.
#include "gdbstub/packets/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "gdbstub/packets/packet_arguments.h"
#include "support/toy_target.h"

namespace gdbstub {
namespace {

// The packet must outlive the command.
template <class C>
const C* parsed_as(const Command& command) {
  return std::get_if<C>(&command);
}
bool is_malformed(std::string packet) { return std::holds_alternative<command::Malformed>(parse(packet).command); }
bool is_unsupported(std::string packet) { return std::holds_alternative<command::Unsupported>(parse(packet).command); }

std::optional<ThreadSelector> thread_of(std::string text) { return PacketArguments(text).take_thread(); }

TEST(Parser, ThreadIds) {
  using Kind = ThreadSelector::Kind;
  EXPECT_EQ(thread_of("1"), (ThreadSelector{Kind::One, {1}}));
  EXPECT_EQ(thread_of("p1.ff"), (ThreadSelector{Kind::One, {255}}));
  EXPECT_EQ(thread_of("0"), (ThreadSelector{Kind::Any, {}}));
  EXPECT_EQ(thread_of("p0.0"), (ThreadSelector{Kind::Any, {}}));
  EXPECT_EQ(thread_of("-1"), (ThreadSelector{Kind::All, {}}));
  EXPECT_EQ(thread_of("p1.-1"), (ThreadSelector{Kind::All, {}}));
  EXPECT_EQ(thread_of("p-1.-1"), (ThreadSelector{Kind::All, {}}));
  EXPECT_EQ(thread_of("p1"), (ThreadSelector{Kind::All, {}}));
  for (const char* text : {"", "p", "p2.1", "p1.", "x", "100000000", "-2", "p.1"}) {
    EXPECT_EQ(thread_of(text), std::nullopt) << text;
  }
}

TEST(Parser, ResumeActions) {
  std::string packet = "vCont;s:p1.1;C0b:2;r1000,1010:3;t;c";
  const Command command = parse(packet).command;
  const auto* resume = parsed_as<command::ResumeThreads>(command);
  ASSERT_NE(resume, nullptr);
  using Kind = command::ResumeThreads::Action::Kind;
  ASSERT_EQ(resume->actions.size(), 5u);
  EXPECT_EQ(resume->actions[0].kind, Kind::Step);
  EXPECT_EQ(resume->actions[0].thread.thread, ThreadId{1});
  EXPECT_EQ(resume->actions[1].signal, Signal::Segv);
  EXPECT_EQ(resume->actions[2].kind, Kind::StepRange);
  EXPECT_EQ(resume->actions[2].range_end, Address{0x1010});
  EXPECT_EQ(resume->actions[3].kind, Kind::Stop);
  EXPECT_EQ(resume->actions[4].thread.kind, ThreadSelector::Kind::All);
}

TEST(Parser, Breakpoints) {
  std::string packet = "Z0,ffffffffffffffff,1;X2,0102X1,ff;cmds:1,X3,aabbcc";
  const Command command = parse(packet).command;
  const auto* insert = parsed_as<command::InsertPoint>(command);
  ASSERT_NE(insert, nullptr);
  EXPECT_EQ(insert->location.address, Address{~std::uint64_t{0}});
  EXPECT_EQ(insert->conditions, (std::vector<AgentBytecode>{{1, 2}, {0xff}}));
  EXPECT_EQ(insert->commands, (std::vector<AgentBytecode>{{0xaa, 0xbb, 0xcc}}));
}

TEST(Parser, BinaryWriteTakesAnyByte) {
  std::string packet("X10,4:\0#}\x03", 10);
  const Command command = parse(packet).command;
  const auto* write = parsed_as<command::WriteMemory>(command);
  ASSERT_NE(write, nullptr);
  EXPECT_EQ(write->address, Address{0x10});
  EXPECT_EQ(write->bytes.size(), 4u);
}

TEST(Parser, WhatCannotBeRead) {
  for (const char* packet : {"m",
                             "m,",
                             "m1",
                             "m1,",
                             "m1,2,3",
                             "m10000000000000000,1",
                             "M1,1",
                             "M1,1:0",
                             "M1,2:00",
                             "X1,2:a",
                             "p",
                             "pxyz",
                             "P1",
                             "P1=0",
                             "Hgx",
                             "Hg",
                             "T",
                             "vCont;",
                             "vCont;x",
                             "vCont;S",
                             "vCont;r1",
                             "Z0",
                             "Z0,1",
                             "Z0,1,1;Q",
                             "Z0,1,1;X2,00",
                             "z0,1,1;X1,00",
                             "qRcmd,1",
                             "qSearch:memory:1;2;",
                             "qCRC:1",
                             "qXfer:features:read:target.xml:0",
                             "D1",
                             "C",
                             "Cx",
                             "S05;",
                             "cx",
                             "QNonStop:2",
                             "Qqemu.sstep=",
                             "qMemoryRegionInfo1",
                             "QRestoreRegisterState:x",
                             "vFile:pread:1,2"}) {
    EXPECT_TRUE(is_malformed(packet)) << packet;
  }
}

TEST(Parser, WhatIsNotKnown) {
  for (const char* packet :
       {"", "y", "Z5,0,1", "z", "qX", "QX", "vX", "v", "Hx1", "qXfer:features:write:x:0:y", "jX", "bX"}) {
    EXPECT_TRUE(is_unsupported(packet)) << packet;
  }
}

TEST(Parser, PacketsOfACapabilityAreForTargetsThatHaveIt) {
  toy::ToyTarget target([](TargetEvent) {});
  const auto needs = [&](std::string packet) { return !parse(packet).needs(target); };
  for (const char* packet : {"Z0,1,1",
                             "z1,1,1",
                             "Z2,1,1",
                             "z4,1,1",
                             "bs",
                             "bc",
                             "qRcmd,00",
                             "QNonStop:1",
                             "vStopped",
                             "vRun;",
                             "vKill;1",
                             "vFile:open:00,0,0",
                             "vFile:setfs:0",
                             "qMemoryRegionInfo:0",
                             "qqemu.sstep",
                             "Qqemu.sstep=5",
                             "qThreadExtraInfo,1",
                             "qWatchpointSupportInfo:",
                             "qXfer:memory-map:read::0,1",
                             "qXfer:exec-file:read::0,1",
                             "qXfer:libraries:read::0,1"}) {
    target.offered = toy::ToyTarget::Offered{.libraries = true};
    EXPECT_FALSE(needs(packet)) << packet;
    target.offered = {false, false, false, false, false, false, false, false, false, false, false, false, false};
    EXPECT_TRUE(needs(packet)) << packet;
  }
  for (const char* packet : {"g", "m0,1", "c", "D", "qXfer:features:read::0,1"}) EXPECT_FALSE(needs(packet)) << packet;
}

}  // namespace
}  // namespace gdbstub
