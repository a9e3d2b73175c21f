// What a user may be told of each interrupt that a CPU takes.
#pragma once

#include <cstdint>
#include <functional>

#include "vmm/machine/clock.h"
#include "vmm/memory/address.h"

namespace gdbvm {

struct TakenInterrupt {
  VcpuIndex cpu;
  std::uint8_t vector;
  std::uint64_t rip;  // of the instruction that it came before
  Clock::Time time;   // the machine's
};
using InterruptTrace = std::function<void(const TakenInterrupt&)>;

}  // namespace gdbvm
