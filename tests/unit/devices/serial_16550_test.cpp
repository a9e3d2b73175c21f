// The 16550A as a guest driver sees it.
#include "vmm/devices/serial_16550.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/devices/recording_sink.h"
#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

using namespace std::string_literals;

std::span<const std::uint8_t> bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class SerialTest : public testing::Test {
 protected:
  enum { data, ier, iir, lcr, mcr, lsr, msr, scratch, fcr = iir };
  static constexpr std::uint8_t out2 = 8, loopback = 0x10;

  std::uint8_t in(int reg) {
    std::uint8_t value = 0;
    serial_.read(static_cast<std::uint16_t>(reg), std::span(&value, 1));
    return value;
  }
  void out(int reg, int value) {
    const auto byte = static_cast<std::uint8_t>(value);
    serial_.write(static_cast<std::uint16_t>(reg), std::span(&byte, 1));
  }
  std::string read_all() {
    std::string text;
    while (in(lsr) & 1) text += static_cast<char>(in(data));
    return text;
  }
  std::string take_levels() { return std::exchange(levels_, {}); }

  RecordingSink sink_;
  std::string levels_;  // 'H' and 'L' in order
  Serial16550 serial_{sink_, [this](bool level) { levels_ += level ? 'H' : 'L'; }};
};

TEST_F(SerialTest, TransmitsAndIsAlwaysReady) {
  EXPECT_EQ(in(lsr), 0x60);
  out(data, 'a');
  EXPECT_EQ(sink_.writes, std::vector{"a"s});
  EXPECT_EQ(in(lsr), 0x60);
}

TEST_F(SerialTest, ABurstArrivesInOnePiece) {
  serial_.write_string(data, 1, bytes("hello"));
  EXPECT_EQ(sink_.writes, std::vector{"hello"s});
}

TEST_F(SerialTest, DivisorLatchHidesDataAndInterruptEnable) {
  out(ier, 0x05);
  out(lcr, 0x83);
  out(data, 0x34);
  out(ier, 0x12);
  EXPECT_EQ(in(data), 0x34);
  EXPECT_EQ(in(ier), 0x12);
  out(lcr, 0x03);
  EXPECT_EQ(in(ier), 0x05);
  EXPECT_EQ(in(data), 0);
  EXPECT_EQ(in(lcr), 0x03);
  EXPECT_TRUE(sink_.writes.empty());
}

TEST_F(SerialTest, ScratchAndReservedBits) {
  out(scratch, 0xa5);
  EXPECT_EQ(in(scratch), 0xa5);
  out(ier, 0xff);
  EXPECT_EQ(in(ier), 0x0f);
  out(mcr, 0xff);
  EXPECT_EQ(in(mcr), 0x1f);
}

TEST_F(SerialTest, ReceivesInOrderAndLosesNothing) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>('a' + i % 26);
  serial_.receive(bytes(text));
  EXPECT_EQ(in(lsr), 0x61);
  out(fcr, 0x07);  // a driver that starts late resets the FIFOs
  EXPECT_EQ(read_all(), text);
  EXPECT_EQ(in(lsr), 0x60);
  EXPECT_EQ(in(data), 0);
}

TEST_F(SerialTest, ReceiveInterrupt) {
  out(mcr, out2);
  out(ier, 1);
  EXPECT_EQ(in(iir), 1);
  serial_.receive(bytes("xy"));
  EXPECT_EQ(take_levels(), "H");
  EXPECT_EQ(in(iir), 4);
  in(data);
  EXPECT_EQ(take_levels(), "");
  in(data);
  EXPECT_EQ(take_levels(), "L");
  EXPECT_EQ(in(iir), 1);
}

TEST_F(SerialTest, AnInterruptNeedsNoOut2) {
  out(ier, 1);
  serial_.receive(bytes("x"));
  EXPECT_EQ(take_levels(), "H");
  out(mcr, loopback);
  EXPECT_EQ(take_levels(), "L");
}

TEST_F(SerialTest, TriggerLevelTellsDataFromTimeout) {
  out(ier, 1);
  out(fcr, 0x81);  // trigger at 8
  serial_.receive(bytes("1234567"));
  EXPECT_EQ(in(iir), 0xcc);
  serial_.receive(bytes("8"));
  EXPECT_EQ(in(iir), 0xc4);
}

TEST_F(SerialTest, TransmitEmptyInterrupt) {
  out(mcr, out2);
  out(ier, 2);  // THR is empty already
  EXPECT_EQ(take_levels(), "H");
  EXPECT_EQ(in(iir), 2);  // identifying it clears it
  EXPECT_EQ(take_levels(), "L");
  EXPECT_EQ(in(iir), 1);
  out(data, 'a');
  EXPECT_EQ(take_levels(), "H");
  out(data, 'b');  // without reading IIR: a new edge
  EXPECT_EQ(take_levels(), "LH");
  out(ier, 2);  // no change, no new interrupt
  EXPECT_EQ(take_levels(), "");
  out(ier, 0);
  EXPECT_EQ(take_levels(), "L");
}

TEST_F(SerialTest, ReadingAnotherSourceKeepsTransmitEmpty) {
  out(ier, 3);
  serial_.receive(bytes("x"));
  EXPECT_EQ(in(iir), 4);
  in(data);
  EXPECT_EQ(in(iir), 2);
  EXPECT_EQ(in(iir), 1);
}

TEST_F(SerialTest, LoopbackReturnsWhatIsSent) {
  out(fcr, 1);
  out(mcr, loopback);
  serial_.receive(bytes("host"));
  EXPECT_EQ(in(lsr), 0x60);  // the line is cut
  for (int i = 0; i < 17; ++i) out(data, 'A' + i);
  EXPECT_TRUE(sink_.writes.empty());
  EXPECT_EQ(in(lsr), 0x63);  // the 17th is one too many
  EXPECT_EQ(in(lsr), 0x61);  // reading cleared the overrun
  EXPECT_EQ(read_all(), "ABCDEFGHIJKLMNOP");
  out(data, 'x');
  out(fcr, 3);
  EXPECT_EQ(in(lsr), 0x60);
  out(mcr, 0);
  EXPECT_EQ(read_all(), "host");
}

TEST_F(SerialTest, OverrunInterruptHasPriority) {
  out(ier, 5);
  out(mcr, loopback);
  out(data, 'a');
  out(data, 'b');  // no FIFO
  EXPECT_EQ(in(iir), 6);
  in(lsr);
  EXPECT_EQ(in(iir), 4);
  EXPECT_EQ(in(data), 'b');
}

TEST_F(SerialTest, ModemStatus) {
  EXPECT_EQ(in(msr), 0xb0);
  out(ier, 8);
  out(mcr, loopback | 0x0f);
  EXPECT_EQ(in(iir), 1);
  EXPECT_EQ(in(msr), 0xf0);  // RI rose: no delta for the leading edge; the others were already set
  out(mcr, loopback | 0x01);
  EXPECT_EQ(in(iir), 0);
  EXPECT_EQ(in(msr), 0x20 | 0x08 | 0x04 | 0x01);
  EXPECT_EQ(in(msr), 0x20);
  EXPECT_EQ(in(iir), 1);
}

TEST_F(SerialTest, FifoBitsOfIdentification) {
  EXPECT_EQ(in(iir), 0x01);
  out(fcr, 1);
  EXPECT_EQ(in(iir), 0xc1);
  out(fcr, 0);
  EXPECT_EQ(in(iir), 0x01);
}

TEST_F(SerialTest, ResetKeepsWhatTheHostSent) {
  out(mcr, out2);
  out(ier, 1);
  out(scratch, 7);
  serial_.receive(bytes("abc"));
  serial_.reset();
  EXPECT_EQ(take_levels(), "HL");
  EXPECT_EQ(in(scratch), 0);
  EXPECT_EQ(in(ier), 0);
  EXPECT_EQ(read_all(), "abc");
}

TEST_F(SerialTest, AFullQueueAsksForAPauseAndForMoreOnceItDrained) {
  int wanted = 0;
  serial_.set_input_wanted([&] { ++wanted; });
  EXPECT_TRUE(serial_.receive(bytes(std::string(1000, 'x'))));
  EXPECT_FALSE(serial_.receive(bytes(std::string(100'000, 'y'))));
  for (int i = 0; i < 84'000; ++i) in(data);
  EXPECT_EQ(wanted, 0);
  EXPECT_EQ(read_all().size(), 17'000u);
  EXPECT_EQ(wanted, 1);
}

// The guest writes and reads while the host sends: for ThreadSanitizer, and the interrupt line must end up right.
TEST_F(SerialTest, HostAndGuestAtOnce) {
  std::atomic<bool> level = false;
  Serial16550 serial(sink_, [&](bool high) { level = high; });
  constexpr std::size_t count = 20'000;
  const auto write = [&](std::uint16_t reg, std::uint8_t value) { serial.write(reg, std::span(&value, 1)); };
  write(mcr, out2);
  write(ier, 1);
  std::jthread host([&] {
    for (std::size_t i = 0; i < count; ++i) serial.receive(bytes("z"));
  });
  std::size_t received = 0;
  while (received < count) {
    std::uint8_t value = 0;
    serial.read(lsr, std::span(&value, 1));
    if (!(value & 1)) continue;
    serial.read(data, std::span(&value, 1));
    ASSERT_EQ(value, 'z');
    write(data, value);
    ++received;
  }
  host.join();
  EXPECT_EQ(sink_.writes.size(), count);
  EXPECT_FALSE(level);
}

TEST_F(SerialTest, ReceiveDoesNotWaitForABlockedSink) {
  struct Blocking final : SerialSink {
    void write(std::span<const std::uint8_t>) override {
      serial->receive(bytes("input"));  // would deadlock if the device held its lock
    }
    Serial16550* serial = nullptr;
  } sink;
  Serial16550 serial(sink, {});
  sink.serial = &serial;
  serial.write(data, bytes("x"));
  std::uint8_t value = 0;
  serial.read(data, std::span(&value, 1));
  EXPECT_EQ(value, 'i');
}

TEST_F(SerialTest, ItsStateIsRestored) {
  out(lcr, 0x83);
  out(data, 0x34);
  out(ier, 0x12);
  out(lcr, 0x03);
  out(ier, 0x0b);
  out(fcr, 0x81);
  out(mcr, out2 | loopback | 2);
  out(scratch, 0x5a);
  for (const char c : "a FIFO holds 16 bytes"s) out(data, c);
  const StateBytes state = saved(serial_);
  serial_.reset();
  levels_.clear();
  expect_truncated_is_refused(serial_, state);
  restore(serial_, state);
  EXPECT_EQ(saved(serial_), state);
  EXPECT_EQ(levels_, "");
  EXPECT_EQ(in(lcr), 0x03);
  EXPECT_EQ(in(ier), 0x0b);
  EXPECT_EQ(in(mcr), out2 | loopback | 2);
  EXPECT_EQ(in(scratch), 0x5a);
  EXPECT_EQ(in(iir), 0xc4);
  EXPECT_EQ(in(lsr), 0x63) << "an overrun";
  EXPECT_EQ(in(msr), 0x92);
  EXPECT_EQ(read_all(), "a FIFO holds 16 ");
  EXPECT_EQ(in(iir), 0xc2);
  out(lcr, 0x83);
  EXPECT_EQ(in(data), 0x34);
  EXPECT_EQ(in(ier), 0x12);
}

TEST_F(SerialTest, TheLineIsWhereItWasAndNobodyIsTold) {
  out(mcr, out2);
  out(ier, 2);
  const StateBytes state = saved(serial_);
  EXPECT_EQ(take_levels(), "H");
  out(ier, 0);
  EXPECT_EQ(take_levels(), "L");
  restore(serial_, state);
  EXPECT_EQ(take_levels(), "");
  out(ier, 0);
  EXPECT_EQ(take_levels(), "L");
}

TEST_F(SerialTest, BytesFromTheHostArePresentAndAnnounced) {
  out(mcr, out2);
  out(ier, 1);
  const StateBytes state = saved(serial_);
  serial_.receive(bytes("typed since"));
  EXPECT_EQ(take_levels(), "H");
  restore(serial_, state);
  EXPECT_EQ(take_levels(), "");
  serial_.receive({});
  EXPECT_EQ(take_levels(), "H");
  EXPECT_EQ(read_all(), "typed since");
}

TEST_F(SerialTest, AFifoOfTooManyBytesIsRefused) {
  constexpr std::size_t count = 10;
  StateBytes state = saved(serial_);
  ASSERT_EQ(static_cast<unsigned>(state.at(count)), 0u);
  state = with(state, count, std::uint64_t{17});
  state.insert(state.end() - 1, 17, std::byte{0});
  EXPECT_THROW(restore(serial_, state), StateError);
}

}  // namespace
}  // namespace gdbvm
