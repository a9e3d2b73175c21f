// RunControl on a vCPU's own thread: turns in the guest, and what their exits come to.
#include "vmm/debug/control/run_control.h"
#include "vmm/debug/guest/exceptions.h"
#include "vmm/debug/stepping/emulate_move.h"
#include "vmm/x86/exceptions.h"

#include <utility>

namespace gdbvm {

using namespace gdbstub;

namespace {
thread_local std::optional<VcpuIndex> this_cpu;
}

bool RunControl::turn_should_end() const { return this_cpu && gate_.wanted(*this_cpu); }

// -------------------------------------------------------------------------------------------------

void RunControl::thread_main(Cpu& cpu) {
  const VcpuIndex index = cpu.vcpu.index();
  this_cpu = index;
  while (wait_until_running(cpu)) {
    Next next = Next::Again;
    while (next != Next::Park && gate_.enter(index)) {
      next = turn(cpu);
      gate_.leave(index);
      if (next == Next::Alone || next == Next::Reset) {
        const ExclusiveSection section(gate_, index);
        if (next == Next::Reset) reset_machine();
        next = turn_alone(cpu);
      }
    }
    if (cpu.access_pending) {
      const ExclusiveSection section(gate_, index);
      settle(cpu);
    }
    park(cpu);
  }
}

// A parked vCPU shows the state after its last instruction: KVM finishes a pending access now.
void RunControl::settle(Cpu& cpu) {
  while (cpu.access_pending) {
    const Exit exit = cpu.vcpu.complete();
    if (const auto read = read_address(exit); read && read == std::exchange(cpu.last_read, read)) return;
    cpu.access_pending = answer_guarded(cpu, exit) || std::holds_alternative<outcome::Done>(machine_.handle(exit));
  }
}

Gva RunControl::pc_of(Cpu& cpu) const { return gdbvm::pc_of(cpu.vcpu); }

GuestDebug RunControl::request_for(const Cpu& cpu) const {
  GuestDebug request = points_.guest_debug();
  if (cpu.trap_due && !request.use_debug_registers) {
    // Only with debug registers of ours does KVM tell us of the trap, and not the guest. They are the guest's own.
    const auto own = cpu.vcpu.debug_registers();
    request.use_debug_registers = true;
    request.address = own.db;
    request.dr7 = own.dr7;
  }
  if (!cpu.step_ends_at) return request;
  // The waiting step's end has a register for itself; a breakpoint it displaces is still compared by address.
  request.stop_at(3, *cpu.step_ends_at);
  return request;
}

bool RunControl::by_steps(const Cpu& cpu) const {
  return (stepping(cpu) && !cpu.step_ends_at) || cpu.step_off || points_.needs_stepping();
}

Stepper::Interrupts RunControl::interrupts_for(const Cpu& cpu) const {
  const bool runs_on = points_.needs_stepping() && !stepping(cpu);
  return runs_on ? Stepper::Interrupts::Delivered : Stepper::Interrupts::AsAllowed;
}

// Asked only where there is a reason to think so: it costs an ioctl.
bool RunControl::waits(Cpu& cpu) {
  cpu.may_wait = cpu.may_wait && cpu.vcpu.run_state() != x86::RunState::Runnable;
  return cpu.may_wait;
}

RunControl::Next RunControl::turn(Cpu& cpu) {
  if (points_.stale(cpu.vcpu)) return Next::Alone;
  if (by_steps(cpu)) return waits(cpu) ? turn_waiting(cpu) : Next::Alone;
  cpu.vcpu.set_guest_debug(request_for(cpu));
  const Exit exit = cpu.vcpu.run();
  if (!std::holds_alternative<exits::Interrupted>(exit)) cpu.denied = 0;
  cpu.trap_due &= std::holds_alternative<exits::Interrupted>(exit);
  return look_for_kernel(cpu, answer(cpu, exit));
}

// Alone it would keep the others from what it waits for. Its first instruction is a step all the same.
RunControl::Next RunControl::turn_waiting(Cpu& cpu) {
  cpu.vcpu.set_guest_debug(stepper_.waiting_request(interrupts_for(cpu)));
  const Exit exit = cpu.vcpu.run();
  const auto* trap = std::get_if<exits::Debug>(&exit);
  if (!trap || trap->exception != x86::exception::debug) return answer(cpu, exit);
  exits_.count(exit);
  return after_step(cpu);
}

RunControl::Next RunControl::answer(Cpu& cpu, const Exit& exit) {
  exits_.count(exit);
  cpu.access_pending = std::holds_alternative<exits::Io>(exit) || std::holds_alternative<exits::Mmio>(exit) ||
                       std::holds_alternative<exits::MsrWrite>(exit);
  const auto access = answer_guarded(cpu, exit);
  const auto read = access ? read_address(exit) : std::nullopt;
  if (const auto before = std::exchange(cpu.last_read, read); read && read == before) {
    cpu.step_off = true;  // a loop, or an instruction that only the stepper can finish
    return Next::Again;
  }
  if (access) return finish_guarded(cpu, *access);
  const Outcome outcome = machine_.handle(exit);
  if (std::holds_alternative<outcome::Done>(outcome) || std::holds_alternative<outcome::Interrupted>(outcome)) {
    return Next::Again;
  }
  if (!std::holds_alternative<outcome::Unhandled>(outcome)) return on_ended(cpu, outcome);
  if (const auto address = lost_user_int3(cpu, exit)) return on_breakpoint(cpu, *address);
  const StopCause found = judge(exit, cpu.vcpu, points_, view_, planted_, false);
  if (std::holds_alternative<cause::Failure>(found)) {
    const bool stuck = std::holds_alternative<exits::InternalError>(exit) ||
                       (std::holds_alternative<exits::Shutdown>(exit) && stepper_.shutdown_keeps_state());
    if (stuck && points_.guards().any()) {
      // Perhaps a guarded page is in the way, of the instruction or of its exception's frame: the stepper opens it.
      cpu.step_off = true;
      return Next::Again;
    }
    const std::lock_guard lock(mutex_);
    failure_ = exit;
  }
  return on_cause(cpu, found, exit);
}

std::optional<WatchedAccess> RunControl::answer_guarded(Cpu&, const Exit& exit) {
  const auto* mmio = std::get_if<exits::Mmio>(&exit);
  if (!mmio || !points_.guards().any()) return std::nullopt;
  return points_.guards().answer(*mmio);
}

// The stop comes after the access: KVM completes the instruction, whose further parts may hit as well.
RunControl::Next RunControl::finish_guarded(Cpu& cpu, const WatchedAccess& access) {
  const StopPoints::Watchpoint* hit = points_.watched(access);
  if (!hit) return Next::Again;
  settle(cpu);
  cpu.step_off = cpu.access_pending;  // KVM cannot finish it: the stepper will, and hits
  return cpu.access_pending ? Next::Again : on_watch(cpu, *hit);
}

RunControl::Next RunControl::on_watch(Cpu& cpu, const StopPoints::Watchpoint& watchpoint) {
  if (watchpoint.action && run_action_(*watchpoint.action, cpu.vcpu) == Verdict::Resume) return Next::Again;
  return stop_with(cpu, stop::Watchpoint{watchpoint.kind, {watchpoint.start.value}});
}

RunControl::Next RunControl::on_ended(Cpu& cpu, const Outcome& outcome) {
  if (const auto* exit = std::get_if<outcome::Exit>(&outcome)) {
    return stop_with(cpu, stop::Exited{exit->status});
  }
  return Next::Reset;
}

RunControl::Next RunControl::on_cause(Cpu& cpu, const StopCause& found, const Exit& exit) {
  if (const auto* failure = std::get_if<cause::Failure>(&found)) {
    return stop_with(cpu, stop::Signalled{failure->signal}, failure->sentence);
  }
  if (cpu.step_ends_at && pc_of(cpu) == *cpu.step_ends_at) return stop_with(cpu, stop::StepComplete{});
  if (const auto handler = points_.user_trap(pc_of(cpu))) {
    if (const Next next = on_user_trap(cpu, *handler); next == Next::Park || pc_of(cpu) != handler->address)
      return next;
  }
  if (const auto vector = points_.exception_entry(pc_of(cpu))) return on_exception(cpu, *vector);
  if (const auto* watch = std::get_if<cause::Watch>(&found)) return on_watch(cpu, *watch->watchpoint);
  if (const auto* breakpoint = std::get_if<cause::Breakpoint>(&found)) return on_breakpoint(cpu, breakpoint->address);
  const bool own_int3 = std::holds_alternative<cause::GuestInt3>(found);
  const bool frame_may_be_guarded = own_int3 && points_.guards().any();
  if (own_int3 && !frame_may_be_guarded) inject_breakpoint(cpu.vcpu, exit);
  if (const auto* trap = std::get_if<cause::GuestTrap>(&found)) inject_debug_trap(cpu.vcpu, trap->dr6);
  cpu.step_off = frame_may_be_guarded || std::holds_alternative<cause::Foreign>(found);
  return Next::Again;
}

// A caught exception: the guest's handler has not begun yet.
RunControl::Next RunControl::on_exception(Cpu& cpu, std::uint8_t vector) {
  cpu.caught_at = pc_of(cpu);
  return stop_with(cpu, stop::Signalled{signal_of_exception(vector)}, describe_exception(view_, cpu.vcpu, vector));
}

// An int3 of ours at CPL 3 that KVM handed to a guest without a handler ends in a triple fault, with the CPU as the
// int3 left it. It has not happened.
std::optional<Gva> RunControl::lost_user_int3(Cpu& cpu, const Exit& exit) {
  if (!std::holds_alternative<exits::Shutdown>(exit) || x86::privilege_level(cpu.vcpu.system()) != 3) return {};
  const Gva address{pc_of(cpu).value - 1};
  if (!points_.at(address)) return {};
  auto registers = cpu.vcpu.general();
  --registers.rip;
  cpu.vcpu.set_general(registers);
  return address;
}

// The guest's handler is about to see an int3 of CPL 3: if it is ours, it has not happened.
RunControl::Next RunControl::on_user_trap(Cpu& cpu, const UserTrapHandler& handler) {
  auto frame = frame_of(view_, cpu.vcpu, handler.vector);
  const auto address = frame ? user_int3_behind(*frame) : std::nullopt;
  const auto gpa = address ? view_.translate(cpu.vcpu, *address) : fail("none");
  cpu.step_off = true;
  if (!gpa || !planted_.planted(*gpa)) return Next::Again;
  frame->rip = address->value;
  if (!return_from(*frame, view_, cpu.vcpu)) return Next::Again;
  return points_.at(*address) ? on_breakpoint(cpu, *address) : Next::Again;
}

// A false condition ends here: the vCPU steps off and runs on, and nobody else hears of it.
RunControl::Next RunControl::on_breakpoint(Cpu& cpu, Gva address) {
  const StopPoints::Breakpoint* breakpoint = points_.at(address);
  // Libraries first: what a debugger then sets may be here as well.
  if (breakpoint->library_event && !std::exchange(cpu.libraries_told, true)) {
    return stop_with(cpu, stop::LibrariesChanged{});
  }
  cpu.libraries_told = false;
  const auto wants_stop = [&](bool set, const std::shared_ptr<const HitAction>& action) {
    return set && (!action || run_action_(*action, cpu.vcpu) == Verdict::Stop);
  };
  if (wants_stop(breakpoint->software, breakpoint->software_action)) return stop_with(cpu, stop::SoftwareBreakpoint{});
  if (wants_stop(breakpoint->hardware, breakpoint->hardware_action)) return stop_with(cpu, stop::HardwareBreakpoint{});
  breakpoint->let_by->fetch_add(1, std::memory_order_relaxed);
  cpu.step_off = !performed(cpu);
  return Next::Again;
}

// The instruction under a breakpoint, done without a step. With debug registers in use the guest's own do not work
// anyway; of ours none may watch data.
bool RunControl::performed(Cpu& cpu) {
  const bool free = !stepping(cpu) && !points_.needs_stepping() && points_.guest_debug().use_debug_registers &&
                    points_.watchpoints().empty();
  return free && emulate_move(cpu.vcpu, view_, points_.guards());
}

// No other vCPU is in a turn: one instruction, or bringing the breakpoints up to date.
RunControl::Next RunControl::turn_alone(Cpu& cpu) {
  if (gate_.asked_to_park(cpu.vcpu.index())) return Next::Park;
  if (points_.stale(cpu.vcpu)) points_.arm(cpu.vcpu);
  if (!by_steps(cpu)) return Next::Again;
  // Told of its libraries here: what the debugger has set at the same place is still to be hit.
  if (cpu.libraries_told && pc_of(cpu) == points_.library_point()) return on_breakpoint(cpu, pc_of(cpu));
  const StepResult result = stepper_.step(cpu.vcpu, interrupts_for(cpu));
  cpu.trap_due = stepper_.leaves_trap();
  // Interrupted: what keeps it so long that the others ask for their turn may be that it waits.
  cpu.may_wait = std::holds_alternative<step::Interrupted>(result) || std::holds_alternative<step::Blocked>(result);
  if (std::holds_alternative<step::Interrupted>(result)) return Next::Again;
  if (const auto* failed = std::get_if<step::Failed>(&result)) {
    return stop_with(cpu, stop::Signalled{failed->failure.signal}, failed->failure.sentence);
  }
  if (const auto* blocked = std::get_if<step::Blocked>(&result)) {
    cpu.step_off = false;
    if (stepping(cpu)) cpu.step_ends_at = blocked->next;
    return Next::Again;
  }
  if (const auto* ended = std::get_if<step::Ended>(&result)) {
    if (const auto* exit = std::get_if<outcome::Exit>(&ended->outcome))
      return stop_with(cpu, stop::Exited{exit->status});
    reset_machine();
  }
  if (const auto* done = std::get_if<step::Done>(&result); done && done->hit) {
    cpu.step_off = false;
    const Next next = on_watch(cpu, *done->hit);
    if (next == Next::Park) return next;
  }
  return after_step(cpu);
}

RunControl::Next RunControl::after_step(Cpu& cpu) {
  cpu.step_off = cpu.libraries_told = false;
  cpu.denied = 0;
  const Gva pc = pc_of(cpu);
  if (const auto vector = points_.exception_entry(pc)) return on_exception(cpu, *vector);
  if (cpu.action.kind == ResumeKind::Step) return stop_with(cpu, stop::StepComplete{});
  if (cpu.action.kind == ResumeKind::StepRange) {
    const bool inside = pc.value >= cpu.action.range_begin.value && pc.value < cpu.action.range_end.value;
    if (!inside) return stop_with(cpu, stop::StepComplete{});
  }
  const bool arrived = points_.needs_stepping() || stepping(cpu);
  return look_for_kernel(cpu, arrived && points_.at(pc) ? on_breakpoint(cpu, pc) : Next::Again);
}

}  // namespace gdbvm
