// A CPU's state as data: what is saved of it, and the order in which KVM takes it back.
#include "vmm/machine/processor.h"
#include "vmm/x86/power_on.h"

namespace gdbvm {

struct Processor::State {
  x86::GeneralRegisters general;
  x86::SystemRegisters system;
  x86::DebugRegisters debug;
  x86::VcpuEvents events;
  std::uint64_t xcr0;
  std::uint64_t tsc;
  std::uint64_t run_state;
  std::uint64_t nmi;
};

void Processor::save(StateWriter& to) const {
  if (unfinished_) throw StateError("the CPU is in the middle of an instruction");
  State state{.general = cpu_->general(),
              .system = cpu_->system(),
              .debug = cpu_->debug_registers(),
              .events = cpu_->events(),
              .xcr0 = cpu_->xcr0(),
              .tsc = cpu_->tsc(),
              .run_state = static_cast<std::uint64_t>(state_),
              .nmi = nmi_};
  state.system.interrupt_bitmap = {};  // the events have the interrupt that is being delivered
  const auto& indices = cpu_->state_msrs();
  std::vector<std::uint64_t> values(indices.size());
  if (cpu_->read_msrs(indices, values) != indices.size()) throw StateError("KVM does not tell an MSR that it has told");
  to.put(state);
  to.put(cpu_->extended());
  to.put_list(std::span<const std::uint32_t>(indices));
  to.put_list(std::span<const std::uint64_t>(values));
}

void Processor::restore(StateReader& from) {
  const auto state = from.get<State>();
  const auto extended = from.get<x86::ExtendedState>();
  const auto indices = from.get_list<std::uint32_t>();
  const auto values = from.get_list<std::uint64_t>();
  if (state.run_state > static_cast<std::uint64_t>(x86::RunState::WaitsForStart) || indices.size() != values.size())
    throw StateError("this is no state of a CPU");
  if (indices != cpu_->state_msrs()) throw StateError("this host's KVM has other MSRs");
  put_back(state, extended);
  if (cpu_->write_msrs(indices, values) != indices.size()) throw StateError("KVM refuses the value of an MSR");
  cpu_->set_tsc(state.tsc);
  auto events = state.events;
  events.flags = x86::power_on::events().flags;
  cpu_->set_events(events);  // last: KVM_SET_REGS drops a pending exception
  state_ = static_cast<x86::RunState>(state.run_state);
  nmi_ = state.nmi != 0;
  unfinished_ = false;
  handed_over_ = {};
}

// System registers first, as they say which mode the others are judged by; XCR0 before what it enables.
void Processor::put_back(const State& state, const x86::ExtendedState& extended) {
  const bool taken = cpu_->set_system(state.system) && cpu_->set_xcr0(state.xcr0) && cpu_->set_extended(extended) &&
                     cpu_->set_debug_registers(state.debug);
  if (!taken) throw StateError("KVM refuses the registers");
  cpu_->set_general(state.general);
}

}  // namespace gdbvm
