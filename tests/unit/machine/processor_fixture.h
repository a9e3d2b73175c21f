// Two processors on fake CPUs, with a host's clock that stands unless a test moves it.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>

#include "tests/support/fake/fake_vcpu.h"
#include "vmm/machine/processor.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace lapic = x86::lapic;
namespace wiring = x86::wiring;
using namespace std::chrono_literals;

class ProcessorTest : public testing::Test {
 protected:
  static constexpr std::uint8_t pic_base = 0x20, slave_base = 0x28;
  static constexpr std::uint32_t to_itself = 1u << 18, ext_int = 0x700, masked = 1u << 16, one_ghz = 0xb;

  ProcessorTest() {
    interrupts.set_wake([this](VcpuIndex cpu) { processors_[cpu.value]->kick(); });
    for (std::uint32_t i = 0; i < 2; ++i) {
      auto bare = std::make_unique<FakeVcpu>(VcpuIndex{i});
      bare->reset();
      cpus_[i] = bare.get();
      processors_[i] = std::make_unique<Processor>(std::move(bare), interrupts, timers, clock);
      set_apic(lapic::spurious, 0x1ff, i);
    }
    clock.go();
  }

  FakeVcpu& cpu(unsigned number = 0) { return *cpus_[number]; }
  Processor& processor(unsigned number = 0) { return *processors_[number]; }
  void enable_interrupts(unsigned number = 0) { cpu(number).general_registers.rflags |= x86::rflags::interrupt; }
  void disable_interrupts() { cpu().general_registers.rflags &= ~x86::rflags::interrupt; }
  // One run that ends without an access.
  Exit run(unsigned number = 0) {
    cpu(number).then(exits::InterruptWindow{});
    return processor(number).run();
  }
  // Registers of the local APIC as another thread or an access reaches them.
  void set_apic(unsigned offset, std::uint32_t value, unsigned number = 0) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    interrupts.write_apic({number}, offset, bytes);
  }
  bool access_apic(std::uint64_t address, std::uint32_t& value, exits::Mmio::Direction direction, unsigned number = 0) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    const bool answered = processor(number).answer({{address}, direction, bytes});
    std::memcpy(&value, bytes.data(), sizeof value);
    return answered;
  }
  bool guest_writes(unsigned offset, std::uint32_t value) {
    return access_apic(wiring::local_apic + offset, value, exits::Mmio::Direction::Write);
  }
  std::uint32_t guest_reads(unsigned offset) {
    std::uint32_t value = 0;
    EXPECT_TRUE(access_apic(wiring::local_apic + offset, value, exits::Mmio::Direction::Read));
    return value;
  }
  void request(std::uint8_t vector, unsigned number = 0) { set_apic(lapic::command_low, to_itself | vector, number); }
  bool requested(std::uint8_t vector) { return processor().local_apic().bit(lapic::requests, vector); }
  bool in_service(std::uint8_t vector) { return processor().local_apic().bit(lapic::in_service, vector); }

  void set_up_pics(std::uint8_t fourth_word = 1) {
    for (const auto& [port, base] : {std::pair{wiring::pic_port, pic_base}, {wiring::slave_pic_port, slave_base}}) {
      interrupts.write_pic(port, 0x11);
      for (const std::uint8_t word : {base, std::uint8_t{4}, fourth_word}) interrupts.write_pic(port + 1, word);
    }
  }
  void disable_apic(unsigned number = 0) { cpu(number).system_registers.apic_base &= ~std::uint64_t{1u << 11}; }
  // In the machine's time from now.
  void set_own_timer(std::chrono::nanoseconds delay, unsigned number = 0, std::uint8_t vector = 0x40) {
    set_apic(lapic::lvt_timer, vector, number);
    set_apic(lapic::timer_divide, one_ghz, number);
    set_apic(lapic::timer_initial, static_cast<std::uint32_t>(delay.count()), number);
  }
  BareVcpu::HostTime at(std::chrono::nanoseconds time) { return clock.host_time(time); }

  using Vectors = std::vector<std::uint8_t>;

  std::chrono::nanoseconds host_time{1h}, each_look{0};
  Clock clock{[this] { return Clock::HostTime(host_time += each_look); }};
  TimerQueue timers{clock};
  Interrupts interrupts{2, clock};

 private:
  std::array<FakeVcpu*, 2> cpus_{};
  std::array<std::unique_ptr<Processor>, 2> processors_;
};

}  // namespace gdbvm
