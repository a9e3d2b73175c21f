// The chips wired together: where a line and a message arrive, whom they wake, and what a CPU acknowledges.
#include "vmm/machine/interrupts.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "tests/unit/devices/saved_state.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {
namespace {

namespace lapic = x86::lapic;
namespace wiring = x86::wiring;
using namespace std::chrono_literals;
using Apic = Interrupts::Apic;

class InterruptsTest : public testing::Test {
 protected:
  static constexpr VcpuIndex zero{0}, one{1};
  static constexpr std::uint32_t ext_int = 0x700, masked = 1u << 16, level = 1u << 15, to_all = 2u << 18,
                                 to_others = 3u << 18;

  InterruptsTest() {
    interrupts.set_wake([this](VcpuIndex cpu) { woken.push_back(cpu.value); });
    for (const VcpuIndex cpu : {zero, one}) {
      set(cpu, lapic::spurious, 0x1ff);
      interrupts.take_signals(cpu);
    }
    clock.go();
  }
  void set(VcpuIndex cpu, unsigned offset, std::uint32_t value) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    interrupts.write_apic(cpu, offset, bytes);
  }
  std::uint32_t get(VcpuIndex cpu, unsigned offset) {
    std::array<std::uint8_t, 4> bytes{};
    interrupts.read_apic(cpu, offset, bytes);
    std::uint32_t value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  void set_entry(unsigned pin, std::uint32_t low, std::uint32_t destination = 0) {
    for (const auto& [index, value] : {std::pair{0x11 + 2 * pin, destination << 24}, {0x10 + 2 * pin, low}}) {
      interrupts.write_io_apic(IoApic::select_offset, index);
      interrupts.write_io_apic(IoApic::window_offset, value);
    }
  }
  void set_up_pics() {
    for (const auto& [port, base] : {std::pair{wiring::pic_port, 0x20}, {wiring::slave_pic_port, 0x28}}) {
      interrupts.write_pic(port, 0x11);
      for (const int word : {base, 4, 1}) interrupts.write_pic(port + 1, static_cast<std::uint8_t>(word));
    }
  }
  bool pending(VcpuIndex cpu, Apic apic = Apic::Enabled, std::uint8_t cr8 = 0) {
    if (apic == Apic::Enabled) interrupts.set_cr8(cpu, cr8);
    return interrupts.pending(cpu, apic);
  }
  std::optional<std::uint8_t> acknowledge(VcpuIndex cpu, Apic apic = Apic::Enabled) {
    return interrupts.acknowledge(cpu, apic);
  }
  using Woken = std::vector<std::uint32_t>;

  Clock::HostTime host{};
  Clock clock{[this] { return host; }};
  Interrupts interrupts{2, clock};
  Woken woken;
};

TEST_F(InterruptsTest, ALineReachesTheIoApicsCpu) {
  set_entry(17, 0x45, 1);
  interrupts.set_line(17, true);
  EXPECT_FALSE(pending(zero));
  ASSERT_TRUE(pending(one));
  EXPECT_EQ(acknowledge(one), 0x45);
  EXPECT_EQ(acknowledge(one), std::nullopt) << "once";
}

TEST_F(InterruptsTest, AndThePics) {
  set_up_pics();
  interrupts.set_line(5, true);
  interrupts.set_line(16, true);  // the I/O APIC's alone
  ASSERT_TRUE(pending(zero));
  EXPECT_FALSE(pending(one)) << "its LINT0 is masked";
  EXPECT_EQ(acknowledge(zero), 0x25);
  EXPECT_FALSE(pending(zero));
}

TEST_F(InterruptsTest, APulseOfALineIsOneInterruptFromEachController) {
  set_up_pics();
  set_entry(5, 0x45 | level);
  ASSERT_TRUE(interrupts.enter(zero));
  interrupts.pulse_line(5);
  EXPECT_EQ(woken, Woken{0});
  EXPECT_EQ(acknowledge(zero), 0x25);
  EXPECT_EQ(acknowledge(zero), 0x45);
  set(zero, lapic::end_of_interrupt, 0);
  EXPECT_FALSE(pending(zero)) << "the line is low again";
  interrupts.pulse_line(24);  // there is none
  EXPECT_FALSE(pending(zero));
}

TEST_F(InterruptsTest, APulseLeavesADevicesLineAsItIs) {
  set_entry(17, 0x45);
  interrupts.set_line(17, true);
  EXPECT_EQ(acknowledge(zero), 0x45);
  set(zero, lapic::end_of_interrupt, 0);
  interrupts.pulse_line(17);
  EXPECT_EQ(acknowledge(zero), 0x45);
  EXPECT_TRUE(interrupts.controllers().io_apic.requests >> 17 & 1);
}

TEST_F(InterruptsTest, WhatIsGoneIsNotAcknowledged) {
  set_up_pics();
  interrupts.set_line(5, true);
  ASSERT_TRUE(pending(zero));
  interrupts.set_line(5, false);
  EXPECT_EQ(acknowledge(zero), std::nullopt);
}

TEST_F(InterruptsTest, APicsInterruptComesBeforeTheLocalApics) {
  set_up_pics();
  set_entry(16, 0x50);
  interrupts.set_line(16, true);
  interrupts.set_line(5, true);
  EXPECT_EQ(acknowledge(zero), 0x25);
  EXPECT_EQ(acknowledge(zero), 0x50);
}

TEST_F(InterruptsTest, WithoutItsLocalApicTheBootCpuHasThePicsAlone) {
  set_up_pics();
  set(zero, lapic::lvt_lint0, ext_int | masked);
  set_entry(16, 0x50);
  interrupts.set_line(16, true);
  EXPECT_FALSE(pending(zero, Apic::Disabled));
  EXPECT_EQ(acknowledge(zero, Apic::Disabled), std::nullopt);
  interrupts.set_line(5, true);
  EXPECT_FALSE(pending(one, Apic::Disabled));
  EXPECT_TRUE(pending(zero, Apic::Disabled));
  EXPECT_EQ(acknowledge(zero, Apic::Disabled), 0x25);
}

TEST_F(InterruptsTest, Cr8KeepsOffTheLocalApicsAlone) {
  set_up_pics();
  set_entry(16, 0x50);
  interrupts.set_line(16, true);
  EXPECT_FALSE(pending(zero, Apic::Enabled, 5));
  EXPECT_EQ(get(zero, lapic::task_priority), 0x50u);
  EXPECT_TRUE(pending(zero, Apic::Enabled, 4));
  interrupts.set_line(5, true);
  EXPECT_TRUE(pending(zero, Apic::Enabled, 15));
}

TEST_F(InterruptsTest, AnEndOfInterruptLetsALevelInAgain) {
  set_entry(17, 0x45 | level);
  interrupts.set_line(17, true);
  EXPECT_EQ(acknowledge(zero), 0x45);
  EXPECT_FALSE(pending(zero));
  set(zero, lapic::end_of_interrupt, 0);
  EXPECT_EQ(acknowledge(zero), 0x45);
  interrupts.set_line(17, false);
  set(zero, lapic::end_of_interrupt, 0);
  EXPECT_FALSE(pending(zero));
}

TEST_F(InterruptsTest, WhatIsGivenBackWaitsAsBefore) {
  set_up_pics();
  set_entry(16, 0x50 | level);
  interrupts.set_line(16, true);
  EXPECT_EQ(acknowledge(zero), 0x50);
  interrupts.give_back(zero, 0x50);
  EXPECT_FALSE(interrupts.local_apic(zero).bit(lapic::in_service, 0x50));
  EXPECT_TRUE(interrupts.local_apic(zero).bit(lapic::trigger_mode, 0x50));
  EXPECT_EQ(acknowledge(zero), 0x50);
  interrupts.set_line(12, true);
  EXPECT_EQ(acknowledge(zero), 0x2c);
  interrupts.give_back(zero, 0x2c);
  EXPECT_TRUE(pending(zero));
  EXPECT_EQ(acknowledge(zero), 0x2c);
}

TEST_F(InterruptsTest, ThePicGivesItToAnotherCpuThatTakesIt) {
  set_up_pics();
  set(one, lapic::lvt_lint0, ext_int);
  interrupts.set_line(5, true);
  EXPECT_EQ(acknowledge(zero), 0x25);
  interrupts.take_signals(one);
  ASSERT_TRUE(interrupts.enter(one));
  interrupts.give_back(zero, 0x25);
  EXPECT_EQ(woken, Woken{1});
}

TEST_F(InterruptsTest, ACpuInsideIsWokenOnce) {
  set_entry(17, 0x45);
  set_entry(18, 0x46);
  ASSERT_TRUE(interrupts.enter(zero));
  interrupts.set_line(17, true);
  interrupts.set_line(18, true);
  EXPECT_EQ(woken, Woken{0});
}

TEST_F(InterruptsTest, OneOutsideIsNotAndDoesNotEnterBeforeItHasLooked) {
  set_entry(17, 0x45);
  ASSERT_TRUE(interrupts.enter(zero));
  interrupts.leave(zero);
  interrupts.set_line(17, true);
  EXPECT_TRUE(woken.empty());
  EXPECT_FALSE(interrupts.enter(zero));
  interrupts.set_line(17, false);
  interrupts.set_line(17, true);
  EXPECT_TRUE(woken.empty()) << "it is not inside";
  interrupts.take_signals(zero);
  EXPECT_TRUE(interrupts.enter(zero));
}

TEST_F(InterruptsTest, MessagesReachThoseWhomTheyAreFor) {
  for (const VcpuIndex cpu : {zero, one}) ASSERT_TRUE(interrupts.enter(cpu));
  set(zero, lapic::command_low, 0x45 | to_others);
  EXPECT_EQ(woken, Woken{1});
  EXPECT_TRUE(pending(one));
  EXPECT_FALSE(pending(zero));
  set(zero, lapic::command_low, 0x46 | to_all);
  EXPECT_EQ(woken, (Woken{1, 0}));
  EXPECT_TRUE(pending(zero));
}

TEST_F(InterruptsTest, AnErrorThatAMessageCausesWakesToo) {
  set(one, lapic::lvt_error, 0x47);
  ASSERT_TRUE(interrupts.enter(one));
  set_entry(17, 3, 1);  // no vector of an interrupt
  interrupts.set_line(17, true);
  EXPECT_EQ(woken, Woken{1});
  EXPECT_EQ(acknowledge(one), 0x47);
}

TEST_F(InterruptsTest, AnNmiFromOutsideIsASignal) {
  ASSERT_TRUE(interrupts.enter(one));
  interrupts.send_nmi(one);
  EXPECT_EQ(woken, Woken{1});
  EXPECT_FALSE(interrupts.take_signals(zero).nmi);
  EXPECT_TRUE(interrupts.take_signals(one).nmi);
  EXPECT_FALSE(interrupts.take_signals(one).nmi) << "once";
}

TEST_F(InterruptsTest, ATimerInterruptsWhenItsCpuLooks) {
  set(zero, lapic::lvt_timer, 0x48);
  set(zero, lapic::timer_divide, 0xb);
  set(zero, lapic::timer_initial, 1000);
  EXPECT_EQ(interrupts.next_event(zero), 1us);
  EXPECT_EQ(interrupts.next_event(one), std::nullopt);
  host += 999ns;
  interrupts.take_signals(zero);
  EXPECT_FALSE(pending(zero));
  EXPECT_EQ(get(zero, lapic::timer_current), 1u);
  host += 1ns;
  interrupts.take_signals(zero);
  EXPECT_TRUE(pending(zero));
  EXPECT_EQ(interrupts.next_event(zero), std::nullopt);
}

TEST_F(InterruptsTest, RegistersAreAlignedWordsOnly) {
  std::array<std::uint8_t, 8> bytes;
  for (const auto& [offset, size] :
       {std::pair{lapic::spurious, 8u}, {lapic::spurious, 2u}, {lapic::spurious + 2, 4u}}) {
    bytes.fill(0x12);
    interrupts.write_apic(zero, offset, std::span(bytes).first(size));
    interrupts.read_apic(zero, offset, std::span(bytes).first(size));
    for (unsigned i = 0; i < size; ++i) EXPECT_EQ(bytes[i], 0) << offset << ' ' << size;
  }
  EXPECT_EQ(get(zero, lapic::spurious), 0x1ffu);
}

TEST_F(InterruptsTest, AResetForgetsEverything) {
  const StateBytes before = [] {
    const Clock standing;
    return saved(Interrupts(2, standing));
  }();
  set_up_pics();
  set_entry(5, 0x45 | level);
  interrupts.set_line(5, true);
  interrupts.send_nmi(one);
  interrupts.set_line(5, false);
  ASSERT_NE(saved(interrupts), before);
  interrupts.reset();
  EXPECT_EQ(saved(interrupts), before);
}

TEST_F(InterruptsTest, AllChipsAreSavedAndRestored) {
  set_up_pics();
  interrupts.set_line(5, true);
  set_entry(16, 0x50);
  interrupts.set_line(16, true);
  set(one, lapic::task_priority, 0x20);
  const StateBytes state = saved(interrupts);
  interrupts.reset();
  restore(interrupts, state);
  EXPECT_EQ(saved(interrupts), state);
  EXPECT_EQ(acknowledge(zero), 0x25);
  EXPECT_EQ(acknowledge(zero), 0x50);
  EXPECT_EQ(get(one, lapic::task_priority), 0x20u);
}

}  // namespace
}  // namespace gdbvm
