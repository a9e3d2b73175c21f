// Reads the CPUs' registers and descriptor tables, and changes nothing.
#include "vmm/debug/stops/plan_inputs.h"

#include <algorithm>

#include "vmm/x86/exceptions.h"

namespace gdbvm {

bool user_int3_goes_to_guest(const HostStops& host) {
  return host.int3[HostStops::User] == HostStops::Int3::GoesToGuest && !host.execute_register[HostStops::User] &&
         host.int3[HostStops::Long] != HostStops::Int3::GoesToGuest;
}

PlanInputs StopSurroundings::look(Vcpu& arming) const {
  PlanInputs inputs;
  inputs.spaces = address_spaces(machine_, arming, host_);
  inputs.handlers_need_steps = handlers_need_steps(arming);
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
    Vcpu& vcpu = machine_.vcpu({i});
    const auto trap = user_trap_of(vcpu);
    if (trap && std::ranges::find(inputs.user_traps, *trap) == inputs.user_traps.end()) {
      inputs.user_traps.push_back(*trap);
    }
    inputs.exception_entries.merge(exception_entries_of(vcpu));
    add_idt_pages(vcpu, inputs.idt_pages);
  }
  return inputs;
}

bool StopSurroundings::handlers_need_steps(Vcpu& arming) const {
  if (table_.caught().empty()) return false;
  const auto mode = stop_mode(arming.system(), arming.general().rflags);
  const auto kernel_mode = mode == HostStops::User ? HostStops::Long : mode;
  return arming.system().idt.limit == 0 || host_.int3[kernel_mode] == HostStops::Int3::GoesToGuest;
}

std::optional<UserTrapHandler> StopSurroundings::user_trap_of(Vcpu& vcpu) const {
  return user_trap_needed() ? user_trap_handler(view_, vcpu, x86::exception::breakpoint) : std::nullopt;
}

bool StopSurroundings::lacks_user_trap(Vcpu& vcpu) const {
  const auto& system = vcpu.system();
  return user_trap_needed() && (system.efer & x86::efer::lma) && x86::privilege_level(system) != 3 &&
         !user_trap_handler(view_, vcpu, x86::exception::breakpoint);
}

std::map<Gva, std::uint8_t> StopSurroundings::exception_entries_of(Vcpu& vcpu) const {
  std::map<Gva, std::uint8_t> entries;
  for (const std::uint8_t vector : table_.caught()) {
    const auto handler = idt_handler(view_, vcpu, vector);
    if (handler && view_.translate(vcpu, *handler)) entries.emplace(*handler, vector);
  }
  return entries;
}

// Gates appear while the guest runs: writes to its IDT leave, so that a caught exception's handler is known in time.
void StopSurroundings::add_idt_pages(Vcpu& vcpu, std::vector<WatchedRange>& pages) const {
  const auto& idt = vcpu.system().idt;
  if (table_.caught().empty() || idt.limit == 0 || !host_.read_only_slots) return;
  std::vector<WatchedRange> found;
  const std::uint64_t size = idt.limit + std::uint64_t{1};
  for (std::uint64_t done = 0; done < size;) {
    const Gva at = Gva{idt.base} + done;
    const auto place = view_.translate(vcpu, at);
    if (!place || !view_.is_ram(*place)) return;
    const std::uint64_t piece = std::min(size - done, page_size - at.page_offset());
    found.push_back({*place, piece, WatchedRange::For::Writes});
    done += piece;
  }
  pages.insert(pages.end(), found.begin(), found.end());
}

}  // namespace gdbvm
