// What this host's KVM reports of a guest's int3s, debug registers and steps: every choice of a mechanism starts here.
#pragma once

#include <array>
#include <string_view>

#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// Back-ends differ, and KVM_CHECK_EXTENSION claims everything on all of them; probe_host() finds out.
struct HostStops {
  // What becomes of an int3 that we planted.
  enum class Int3 {
    Reported,          // exits::Debug, exception 3, RIP at the int3
    EmulationFailure,  // exits::InternalError, RIP at the int3
    GoesToGuest,       // the guest's own IDT or IVT gets it
  };
  enum Mode { Real, Protected, Long, User, mode_count };  // User: CPL 3 in long mode

  std::array<Int3, mode_count> int3{};
  std::array<bool, mode_count> execute_register{};  // a debug register stops at an instruction
  std::array<bool, mode_count> data_register{};     // a debug register stops after an access
  std::array<bool, mode_count> single_step{};
  bool step_over_hlt = false;         // a step onto hlt ends behind it
  bool step_enters_handler = false;   // a step whose instruction faults ends at the handler's first instruction
  bool step_traps_once = false;       // no trap of it is left over for the next run's beginning
  bool shutdown_keeps_state = false;  // after a triple fault, the CPU is as the fault left it, and not reset
  bool read_only_slots = false;       // writes to read-only slots arrive as exits::Mmio
  bool absent_slots = false;          // so do accesses to memory without a slot
  bool sync_registers = false;        // KVM_CAP_SYNC_REGS
  bool legacy_paging = false;         // a guest can page outside long mode; else it is a triple fault
};

constexpr HostStops::Mode stop_mode(const x86::SystemRegisters& s, std::uint64_t rflags) {
  const auto mode = x86::mode_of(s, rflags);
  if (mode == x86::CpuMode::Real || mode == x86::CpuMode::Virtual8086) return HostStops::Real;
  if (x86::privilege_level(s) == 3) return HostStops::User;
  return mode == x86::CpuMode::Long ? HostStops::Long : HostStops::Protected;
}

std::string_view name_of(HostStops::Int3 int3);

}  // namespace gdbvm
