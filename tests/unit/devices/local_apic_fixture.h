// A local APIC that a test drives at a time of its own.
#pragma once

#include <gtest/gtest.h>

#include "vmm/devices/local_apic.h"

namespace gdbvm {

namespace lapic = x86::lapic;
using namespace std::chrono_literals;

class LocalApicTest : public testing::Test {
 protected:
  static constexpr std::uint32_t masked = 1u << 16, level = 1u << 15, remote_request = 1u << 14, nmi = 0x400,
                                 ext_int = 0x700, init = 0x500;
  LocalApic::Time now_{0};
  LocalApic apic_{3, false};

  LocalApicTest() { set(lapic::spurious, 0x1ff); }
  std::uint32_t get(unsigned offset) { return apic_.read(offset, now_); }
  LocalApic::Effect set(unsigned offset, std::uint32_t value) { return apic_.write(offset, value, now_); }
  std::optional<std::uint8_t> end_of_interrupt() { return set(lapic::end_of_interrupt, 0).end_of_interrupt; }
  bool request(std::uint8_t vector, TriggerMode trigger = TriggerMode::Edge) {
    return apic_.accept({.vector = vector, .trigger = trigger});
  }
  bool requested(unsigned vector) { return apic_.registers(now_).bit(lapic::requests, vector); }
  bool in_service(unsigned vector) { return apic_.registers(now_).bit(lapic::in_service, vector); }
};

}  // namespace gdbvm
