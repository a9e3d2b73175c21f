// What transcripts leave out: acks, resending, bytes split anywhere, limits on memory.
#include "gdbstub/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gdbstub/wire/framing.h"
#include "support/frame.h"
#include "support/toy_target.h"

namespace gdbstub {
namespace {

struct Fixture : testing::Test {
  std::string send(std::string_view text) {
    return session.receive({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  std::vector<TargetEvent> events;
  toy::ToyTarget target{[this](TargetEvent event) { events.push_back(std::move(event)); }};
  Session session{target};
};
using SessionTest = Fixture;

TEST_F(SessionTest, AcksUntilToldNotTo) {
  EXPECT_EQ(send("$qC#b4"), "+$QC1#c5");
  EXPECT_EQ(send("+"), "");
  EXPECT_EQ(send("$QStartNoAckMode#b0"), "+$OK#9a");
  EXPECT_EQ(send("+$qC#b4"), "$QC1#c5");
}

TEST_F(SessionTest, ANackHasTheReplyResent) {
  EXPECT_EQ(send("$qC#b4"), "+$QC1#c5");
  EXPECT_EQ(send("-"), "$QC1#c5");
  EXPECT_EQ(send("-"), "$QC1#c5");
  EXPECT_EQ(send("$QStartNoAckMode#b0"), "+$OK#9a");
  EXPECT_EQ(send("-"), "$OK#9a");
}

TEST_F(SessionTest, CorruptPacketsAreAskedForAgain) {
  EXPECT_EQ(send("$qC#b5"), "-");
  EXPECT_EQ(send("$qC#b4"), "+$QC1#c5");
  send("$QStartNoAckMode#b0");
  EXPECT_EQ(send("$qC#b5"), encode("E.the packet's checksum is wrong"));
}

TEST_F(SessionTest, FilesAreOpenedFromTheListThatWasToldLast) {
  const std::string open_parts = toy::frame("vFile:open:2f70617274732e6f,0,0");
  target.offered.libraries = true;
  target.exec_path = "/dev/null";
  send(toy::frame("QStartNoAckMode"));
  EXPECT_EQ(send(open_parts), encode("F-1,2"));
  send(toy::frame("qXfer:libraries:read::0,1000"));
  EXPECT_EQ(target.times_listed, 1);
  EXPECT_EQ(send(open_parts), encode("F1"));
  EXPECT_EQ(send(open_parts), encode("F2"));
  EXPECT_EQ(target.times_listed, 1);
  session.disconnected();
  send(toy::frame("QStartNoAckMode"));
  EXPECT_EQ(send(open_parts), encode("F-1,2"));
}

TEST_F(SessionTest, APacketBeyondPacketSizeIsAnError) {
  const std::string body(packet_size + 1, 'a');
  EXPECT_EQ(send(toy::frame(body)), "+" + encode("E.the packet is longer than 0x100000 bytes"));
  EXPECT_EQ(send("$qC#b4"), "+$QC1#c5");
}

TEST_F(SessionTest, AnInterruptThatLostAgainstAnotherStopComesWithTheNextResume) {
  send(toy::frame("QStartNoAckMode"));
  send(toy::frame("vCont;c"));
  send("\x03");
  target.pump(0);
  events.clear();
  const std::string breakpoint = session.handle_event(StopEvent{{1}, stop::SoftwareBreakpoint{}, {}});
  EXPECT_THAT(breakpoint, testing::StartsWith("$T05thread:1;"));
  EXPECT_THAT(send(toy::frame("vCont;s:1")), testing::StartsWith("$T02thread:1;"));
  EXPECT_FALSE(target.running());
  EXPECT_EQ(send(toy::frame("vCont;s:1")), "");
  EXPECT_TRUE(target.running());
}

TEST_F(SessionTest, SeveralPacketsInOneSegment) {
  EXPECT_EQ(send("$qC#b4+$qC#b4$vMustReplyEmpty#3a"), "+$QC1#c5+$QC1#c5+$#00");
}

TEST_F(SessionTest, OutputStaysBoundedHoweverMuchIsAskedFor) {
  std::string burst;
  for (int i = 0; i < 2000; ++i) burst += "$m0,10000#1e";
  Bytes input(reinterpret_cast<const std::uint8_t*>(burst.data()), burst.size());
  std::size_t rounds = 0;
  while (!input.empty()) {
    const std::string out = session.receive_some(input);
    EXPECT_LE(out.size(), 2 * packet_size);
    ++rounds;
  }
  EXPECT_GE(rounds, 1u);
  ASSERT_GT(send("$m1000,200#ec").size(), 100u);
  const std::string nacks(1 << 20, '-');
  Bytes rest(reinterpret_cast<const std::uint8_t*>(nacks.data()), nacks.size());
  EXPECT_LE(session.receive_some(rest).size(), 2 * packet_size);
  EXPECT_FALSE(rest.empty());
}

TEST_F(SessionTest, EventsWithoutAClientSendNothing) {
  EXPECT_EQ(session.handle_event(ConsoleOutput{"hello"}), "");
  EXPECT_EQ(session.handle_event(StopEvent{{2}, stop::Signalled{Signal::Int}, "message"}), "");
  EXPECT_THAT(send("$?#3f"), testing::StartsWith("+$T02thread:2;"));
}

// GDB 13 computes with signed lengths: -data-read-memory-bytes in a longer region allocates a buffer of 2^64 bytes.
TEST_F(SessionTest, NoMemoryRegionIsTooLongForGdb) {
  struct OneRegion final : toy::ToyTarget {
    using ToyTarget::ToyTarget;
    std::vector<MemoryRegion> regions() override {
      return {{MemoryRegion::Kind::Ram, {0x10}, 0 - std::uint64_t{0x10}}};
    }
  } large{[](TargetEvent) {}};
  Session to_large(large);
  const std::string packet = encode("qXfer:memory-map:read::0,1000");
  const std::string reply = to_large.receive({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()});
  using testing::HasSubstr;
  EXPECT_THAT(reply, HasSubstr(R"(start="0x10" length="0x4)"));
  EXPECT_THAT(reply, HasSubstr(R"(start="0xc0)"));
  EXPECT_THAT(reply, testing::Not(HasSubstr(R"(length="0xf)")));
}

TEST_F(SessionTest, ATraceIsToldOfWhatBothSidesSay) {
  std::vector<std::string> told;
  session.set_trace([&](PacketDirection direction, std::string_view text) {
    told.push_back(fmt::format("{} {}", direction == PacketDirection::FromClient ? "in" : "out", text));
  });
  send("$qC#b4-$qC#b5$vMustReplyEmpty#3a");
  send("$QStartNoAckMode#b0\x03");
  EXPECT_THAT(told, testing::ElementsAre("in qC", "out QC1", "in [resend]", "in [corrupt]", "in vMustReplyEmpty",
                                         "out ", "in QStartNoAckMode", "out OK", "in [interrupt]"));
  told.clear();
  session.set_trace(nullptr);
  send("$qC#b4");
  EXPECT_TRUE(told.empty());
}

TEST_F(SessionTest, ATraceIsToldOfNotifications) {
  send("$QNonStop:1#8d");
  std::vector<std::string> told;
  session.set_trace([&](PacketDirection, std::string_view text) { told.emplace_back(text); });
  session.handle_event(StopEvent{{2}, stop::Signalled{Signal::Int}, ""});
  EXPECT_THAT(told, testing::ElementsAre(testing::StartsWith("Stop:T02")));
}

TEST_F(SessionTest, RunLengthsShortenMemoryOfZeros) { EXPECT_LT(send("$m4000,1000#7f").size(), 400u); }

}  // namespace
}  // namespace gdbstub
