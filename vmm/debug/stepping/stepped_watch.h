// Watchpoints compared by hand around one native step: by the instruction's operands, and by what changed in memory.
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/debug/stepping/memory_operands.h"
#include "vmm/debug/stops/armed_stops.h"

namespace gdbvm {

// Construct before the step, ask after it. The operands find writes of the same value and reads, but for an instruction
// that has faulted; the comparison finds what the CPU writes by itself, such as interrupt frames and accessed bits.
class SteppedWatch final {
 public:
  // Unguarded: all but those that memory slots watch meanwhile; during a step no debug register watches data.
  enum class Which { Unguarded, GuardedToo };
  SteppedWatch(const ArmedStops& armed, const GuestView& view, Vcpu& vcpu, Which which);
  // The first watchpoint that the step hit; nullptr: none.
  const StopTable::Watchpoint* hit() const;

 private:
  struct Watched {
    const StopPlan::Watchpoint* watchpoint;
    std::vector<std::uint8_t> before;
  };
  std::vector<std::uint8_t> contents(const StopPlan::Watchpoint& watchpoint) const;
  bool touched(const StopTable::Watchpoint& watchpoint, std::span<const MemoryAccess> operands) const;
  bool carried_out() const;

  const GuestView& view_;
  std::vector<Watched> watched_;
  Vcpu& vcpu_;
  std::vector<std::uint8_t> code_;  // the instruction, as it was, with its registers
  x86::GeneralRegisters general_{};
  x86::SystemRegisters system_{};
};

}  // namespace gdbvm
