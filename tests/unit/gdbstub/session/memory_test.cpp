// Searches and checksums of more memory than the stub reads in one piece.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gdbstub/session/session.h"
#include "gdbstub/wire/crc32.h"
#include "gdbstub/wire/framing.h"
#include "support/frame.h"

namespace gdbstub {
namespace {

// Memory from 0 on, and nothing else; it is read in at most 1,000 bytes at a time.
class Memory final : public Target {
 public:
  const TargetDescription& description() override { return description_; }
  std::vector<ThreadId> threads() override { return {{1}}; }
  Result<> read_register(ThreadId, RegisterNumber, MutableBytes) override { return fail("none"); }
  Result<> write_register(ThreadId, RegisterNumber, Bytes) override { return fail("none"); }
  Result<std::size_t> read_memory(ThreadId, Address address, MutableBytes out) override {
    if (endless) address.value %= bytes.size();
    if (address.value >= bytes.size()) return fail("beyond the end");
    const auto count =
        std::min({out.size(), bytes.size() - static_cast<std::size_t>(address.value), std::size_t{1000}});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(address.value), count, out.begin());
    return count;
  }
  Result<> write_memory(ThreadId, Address, Bytes) override { return fail("none"); }
  Result<> resume(std::span<const ThreadAction>) override { return fail("none"); }
  void interrupt() override {}

  bool endless = false;  // the same bytes again and again
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(0xa0000);

 private:
  TargetDescription description_;
};

struct MemoryTest : testing::Test {
  std::string ask(std::string_view payload) {
    const std::string packet = toy::frame(payload);
    return session.receive({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()}).substr(1);
  }
  void put(std::size_t at, std::string_view text) {
    std::ranges::copy(text, memory.bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  Memory memory;
  Session session{memory};
};

// 0x40000 is where the first piece ends.
TEST_F(MemoryTest, AMatchMayLieAcrossPieces) {
  for (std::size_t at = 0x3fff8; at <= 0x40008; ++at) {
    std::ranges::fill(memory.bytes, 0);
    put(at, "needle");
    EXPECT_EQ(ask("qSearch:memory:0;a0000;needle"), encode(fmt::format("1,{:x}", at)));
    EXPECT_EQ(ask(fmt::format("qSearch:memory:0;{:x};needle", at + 6)), encode(fmt::format("1,{:x}", at)));
    EXPECT_EQ(ask(fmt::format("qSearch:memory:0;{:x};needle", at + 5)), encode("0"));
    EXPECT_EQ(ask(fmt::format("qSearch:memory:{:x};100;needle", at + 1)), encode("0"));
  }
}

TEST_F(MemoryTest, ChecksumsGoOnAcrossPieces) {
  for (std::size_t i = 0; i < memory.bytes.size(); ++i) memory.bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 1000);
  EXPECT_EQ(ask("qCRC:0,a0000"), encode(fmt::format("C{:x}", crc32_update(crc32_start, memory.bytes))));
  EXPECT_EQ(ask("qCRC:3,50001"),
            encode(fmt::format("C{:x}", crc32_update(crc32_start, Bytes(memory.bytes).subspan(3, 0x50001)))));
}

struct EndlessMemoryTest : MemoryTest {
  EndlessMemoryTest() { memory.endless = true; }
  // The reply to one call; `packet` keeps what has not been consumed.
  std::string receive_some(std::string& packet) {
    Bytes input(reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size());
    const std::string out = session.receive_some(input);
    packet.erase(0, packet.size() - input.size());
    return out;
  }
  void begin(std::string_view payload) {
    std::string packet = toy::frame(payload);
    EXPECT_EQ(receive_some(packet), "+");
    EXPECT_EQ(packet, "");
    EXPECT_TRUE(session.is_busy());
    EXPECT_EQ(session.proceed(), "");
    EXPECT_TRUE(session.is_busy());
  }
};

TEST_F(EndlessMemoryTest, ScansGiveWayAndCtrlCEndsThem) {
  for (const char* packet : {"qCRC:0,200000000000", "qSearch:memory:0;200000000000;needle"}) {
    begin(packet);
    std::string next = "+" + toy::frame("qC");
    EXPECT_EQ(receive_some(next), "") << "not before the first has been answered";
    EXPECT_EQ(next, toy::frame("qC"));
    std::string interrupt = "\x03";
    EXPECT_EQ(receive_some(interrupt), encode("E.interrupted"));
    EXPECT_FALSE(session.is_busy());
    EXPECT_EQ(session.proceed(), "");
    EXPECT_EQ(receive_some(next), "+" + encode("QC1"));
  }
}

TEST_F(EndlessMemoryTest, CtrlCMayComeInTheSameSegment) {
  std::string packet = toy::frame("qCRC:0,200000000000") + "\x03" + toy::frame("qC");
  EXPECT_EQ(receive_some(packet), "+");
  EXPECT_EQ(receive_some(packet), encode("E.interrupted") + "+" + encode("QC1"));
}

TEST_F(EndlessMemoryTest, AScanThatNobodyWaitsForIsGivenUp) {
  begin("qCRC:0,200000000000");
  EXPECT_EQ(session.give_up(), encode("E.given up because the client does not wait for it"));
  EXPECT_FALSE(session.is_busy());
  begin("qCRC:0,200000000000");
  session.disconnected();
  EXPECT_FALSE(session.is_busy());
}

}  // namespace
}  // namespace gdbstub
