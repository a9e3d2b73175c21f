#include "vmm/debug/control/vcpu_thread.h"

#include <utility>

#include <fmt/format.h>
#include <pthread.h>

#include "vmm/debug/control/step_time.h"
#include "vmm/debug/stepping/guarded_access.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

using namespace gdbstub;

namespace {
thread_local std::optional<VcpuIndex> this_cpu;
}  // namespace

VcpuThread::VcpuThread(Processor& vcpu, DebuggedGuest& guest, Owner& owner)
    : vcpu_(vcpu),
      guest_(guest),
      owner_(owner),
      access_(vcpu, guest),
      judge_(vcpu, guest, plan_),
      user_int3_(vcpu, guest.armed, guest.machine.cpus() == 1) {}

std::optional<VcpuIndex> VcpuThread::current() { return this_cpu; }

void VcpuThread::launch() {
  thread_ = std::thread([this] {
    this_cpu = vcpu_.index();
    for (VcpuState state = VcpuState::Parked; state != VcpuState::Ended;) state = step(state);
  });
  pthread_setname_np(thread_.native_handle(), fmt::format("vcpu {}", vcpu_.index()).c_str());
}

void VcpuThread::join() {
  if (thread_.joinable()) thread_.join();
}

void VcpuThread::plan(const ThreadAction& action) {
  ++starved_;
  ResumePlan next;
  next.action = action;
  next.step_off = plan_.caught_at == pc_of(vcpu_);
  next.libraries_told = plan_.libraries_told && pc_of(vcpu_) == guest_.armed.library_point();
  if (plan_.traced_at == pc_of(vcpu_)) next.traced_at = plan_.traced_at;
  next.trace_steps = std::move(plan_.trace_steps);
  plan_ = next;
}

void VcpuThread::machine_was_reset() {
  plan_.forget_place();
  user_int3_.reset();
}

VcpuState VcpuThread::step(VcpuState state) {
  const VcpuIndex cpu = vcpu_.index();
  switch (state) {
    case VcpuState::Parked:
      return owner_.wait_until_resumed(cpu) ? VcpuState::Entering : VcpuState::Ended;
    case VcpuState::Entering:
      return guest_.gate.enter(cpu) ? VcpuState::InTurn : VcpuState::Settling;
    case VcpuState::InTurn: {
      const VcpuState next = unless_host_fails([this] { return turn(); });
      guest_.gate.leave(cpu);
      return next;
    }
    case VcpuState::Alone:
    case VcpuState::Resetting: {
      const ExclusiveSection section(guest_.gate, cpu);
      return unless_host_fails([&] {
        if (state == VcpuState::Resetting) owner_.reset_machine();
        return turn_alone();
      });
    }
    case VcpuState::Settling:
      errand_ = nullptr;  // asked to park before it began
      if (access_.pending()) {
        const ExclusiveSection section(guest_.gate, cpu);
        unless_host_fails([this] {
          access_.settle();
          return VcpuState::Settling;
        });
      }
      owner_.parked(cpu);
      return VcpuState::Parked;
    case VcpuState::Ended:
      break;
  }
  return VcpuState::Ended;
}

VcpuState VcpuThread::unless(StopOrGo stop, VcpuState otherwise) {
  if (!stop) return otherwise;
  if (told_) {
    *told_ = std::move(stop);
    return VcpuState::Settling;
  }
  owner_.stops(vcpu_.index(), std::move(*stop));
  return VcpuState::Settling;
}

// What the host fails at, such as memory for a disk's request, is a stop, and not the end of the process.
template <class Work>
VcpuState VcpuThread::unless_host_fails(Work work) try {
  return work();
} catch (const std::exception& error) {
  const auto sentence = fmt::format("CPU {}: the host failed: {}", vcpu_.index(), error.what());
  return unless(VcpuStop{stop::Signalled{Signal::Abort}, sentence});
}

VcpuState VcpuThread::step_first() {
  plan_.step_off = true;
  return VcpuState::Entering;
}

bool VcpuThread::by_steps() const {
  if (plan_.step_off) return true;
  if (plan_.window) return false;
  return !plan_.trace_steps.empty() || (plan_.stepping() && !plan_.step_ends_at) || guest_.armed.needs_stepping() ||
         loses_pushes() || user_int3_.looks_for_handler();
}

bool VcpuThread::loses_pushes() const { return may_lose_pushes(vcpu_, guest_.view, guest_.armed.guards()); }

Stepper::Interrupts VcpuThread::interrupts() const {
  if (told_) return Stepper::Interrupts::Delivered;  // those that were
  const bool runs_on =
      (guest_.armed.needs_stepping() || loses_pushes()) && !plan_.stepping() && plan_.trace_steps.empty();
  return runs_on ? Stepper::Interrupts::Delivered : Stepper::Interrupts::AsAllowed;
}

// By a debug register at the very next instruction, which must be what stops there: with RF set it would not.
bool VcpuThread::can_open_window() const {
  const auto& general = vcpu_.general();
  const auto mode = stop_mode(vcpu_.system(), general.rflags);
  return guest_.stepper.host().stops_at_address(mode) && !(general.rflags & x86::rflags::rf);
}

bool VcpuThread::open_window() {
  if (!std::exchange(interrupts_due_, false) || guest_.stepper.interrupts_allowed() || !can_open_window()) return false;
  plan_.window = InterruptWindow{pc_of(vcpu_), vcpu_.general().rsp};
  plan_.step_off_after_window = std::exchange(plan_.step_off, false);
  return true;
}

GuestDebug VcpuThread::request() const {
  GuestDebug request = guest_.armed.guest_debug();
  if (trap_due_ && !request.use_debug_registers) {
    // Only with debug registers of ours does KVM tell us of the trap, and not the guest. They are the guest's own.
    const auto own = vcpu_.debug_registers();
    request.use_debug_registers = true;
    request.address = own.db;
    request.dr7 = own.dr7;
  }
  if (!plan_.runs_to_address()) return request;
  // That address has a register for itself; a breakpoint it displaces is still compared by address.
  request.stop_at(3, plan_.window ? plan_.window->pc : *plan_.step_ends_at);
  return request;
}

VcpuState VcpuThread::turn() {
  if (errand_) return run_errand();
  if (!guest_.machine.catch_up()) return VcpuState::Entering;
  if (guest_.armed.recheck(vcpu_) || one_shots_due()) return VcpuState::Alone;
  if (by_steps()) return vcpu_.run_state() != x86::RunState::Runnable ? turn_waiting() : VcpuState::Alone;
  guest_.machine.clock().go();
  vcpu_.set_guest_debug(request());
  const Exit exit = run_freely();
  const bool kicked = std::holds_alternative<exits::Interrupted>(exit);
  if (!kicked) starved_ = 0;
  if (stuck(exit)) {
    plan_.open_pages = guest_.armed.guards().any();
    return step_first();
  }
  const VcpuState next = answer(exit);
  trap_due_ = trap_due_ && kicked;
  return next == VcpuState::Entering ? unless(judge_.if_kernel_moved()) : next;
}

// What runs again has been noticed when it ran first.
bool VcpuThread::one_shots_due() const { return !told_ && guest_.one_shots.due(vcpu_); }

Exit VcpuThread::run_freely() {
  if (guest_.armed.guards().any()) access_.begins();
  const PatrolledRun patrolled(guest_.patrol, vcpu_.index(), guest_.looks_at(vcpu_, still_.stands()));
  return vcpu_.run();
}

// Kicked twice at the same instruction with nothing changed: KVM may be unable to get past it, at least while pages are
// guarded. If the guest only waits there, a step does no harm.
bool VcpuThread::stuck(const Exit& exit) {
  still_.after(exit, vcpu_);
  if (!still_.stands()) return false;
  return guest_.armed.guards().any() || current_instruction(guest_.view, vcpu_).kind == Instruction::Kind::Interrupt;
}

// Alone it would keep the others from what it waits for.
VcpuState VcpuThread::turn_waiting() {
  guest_.machine.clock().go();
  return vcpu_.wait_until_runnable() ? VcpuState::Alone : VcpuState::Entering;
}

VcpuState VcpuThread::answer(const Exit& exit) {
  guest_.exits.count(exit);
  const auto access = access_.answer(exit);
  if (access) return finish_guarded(*access);
  const Outcome outcome = guest_.machine.handle(vcpu_.index(), exit);
  if (const auto* ended = std::get_if<outcome::Exit>(&outcome)) {
    return unless(VcpuStop{stop::Exited{ended->status}, {}});
  }
  if (std::holds_alternative<outcome::Reset>(outcome)) return VcpuState::Resetting;
  return std::holds_alternative<outcome::Unhandled>(outcome) ? judge_exit(exit) : VcpuState::Entering;
}

VcpuState VcpuThread::judge_exit(const Exit& exit) {
  if (const auto address = user_int3_.take_back(exit)) return unless(judge_.at_user_int3(*address));
  const StopCause found =
      judge(exit, vcpu_, guest_.armed, guest_.view, guest_.planted, trap_due_ ? Ran::AfterStep : Ran::Freely);
  const bool failed = std::holds_alternative<cause::Failure>(found);
  // Unmoved: a step tells a fault from a loop that has come back to an int3 with the same registers.
  if (failed && (guard_in_the_way(exit) || user_int3_.perhaps(exit))) return step_first();
  return unless(judge_.after_exit(found, exit));
}

// Perhaps a guarded page is in the way of the instruction, or of its exception's frame: the stepper opens it.
bool VcpuThread::guard_in_the_way(const Exit& exit) {
  if (!guest_.armed.guards().any()) return false;
  return std::holds_alternative<exits::InternalError>(exit) ||
         (std::holds_alternative<exits::Shutdown>(exit) && guest_.stepper.host().shutdown_keeps_state());
}

// The stop comes after the access: KVM completes the instruction, whose further parts may hit as well.
VcpuState VcpuThread::finish_guarded(const WatchedAccess& access) {
  const StopTable::Watchpoint* hit = guest_.armed.watched(access);
  if (!hit && !access_.repeats_read()) return VcpuState::Entering;
  access_.settle();
  if (access_.pending()) return step_first();  // KVM cannot finish it: the stepper will, and hits
  return hit ? unless(judge_.at_watchpoint(*hit)) : VcpuState::Entering;
}

VcpuState VcpuThread::turn_alone() {
  if (guest_.gate.asked_to_park(vcpu_.index())) return VcpuState::Settling;
  if (!guest_.machine.catch_up()) return VcpuState::Entering;
  if (guest_.armed.recheck(vcpu_)) guest_.armed.arm(vcpu_);
  if (one_shots_due()) guest_.plant_one_shots(vcpu_);
  if (!by_steps()) return VcpuState::Entering;
  // Told of its libraries here: what the debugger has set at the same place is still to be hit.
  if (plan_.libraries_told && pc_of(vcpu_) == guest_.armed.library_point())
    return unless(judge_.at_breakpoint(pc_of(vcpu_)));
  if (open_window()) return VcpuState::Entering;
  if (user_int3_.looks_for_handler()) user_int3_.looked();
  judge_.before_step();
  const auto pages = plan_.open_pages ? Stepper::Pages::Open : Stepper::Pages::Guarded;
  const StepResult result = step_once(pages);
  trap_due_ = guest_.stepper.host().leaves_trap();
  return judge_step(result);
}

StepResult VcpuThread::step_once(Stepper::Pages pages) {
  std::optional<StepTime> time;
  if (interrupts() == Stepper::Interrupts::Delivered) time.emplace(guest_.machine.clock());
  return guest_.stepper.step(vcpu_, interrupts(), pages);
}

VcpuState VcpuThread::judge_step(const StepResult& result) {
  if (std::holds_alternative<step::Interrupted>(result)) return VcpuState::Entering;
  if (const auto* failed = std::get_if<step::Failed>(&result)) {
    // Where an iret to CPL 3 loses the step, the CPU runs on to an int3 of ours.
    const auto lost = failed->exit ? user_int3_.take_back(*failed->exit) : std::nullopt;
    if (lost) return unless(judge_.at_user_int3(*lost));
    return unless(VcpuStop{stop::Signalled{failed->failure.signal}, failed->failure.sentence, failed->exit});
  }
  if (const auto* blocked = std::get_if<step::Blocked>(&result)) {
    plan_.step_off = false;
    if (plan_.stepping()) plan_.step_ends_at = blocked->next;
    plan_.trace_steps.clear();  // the CPU waits: an interrupt's handler is not part of what is traced
    return VcpuState::Entering;
  }
  if (const auto* ended = std::get_if<step::Ended>(&result)) {
    if (const auto* exit = std::get_if<outcome::Exit>(&ended->outcome)) {
      return unless(VcpuStop{stop::Exited{exit->status}, {}});
    }
    if (told_) return unless(VcpuStop{stop::Exited{0}, {}});
    owner_.reset_machine();
  }
  if (const auto* done = std::get_if<step::Done>(&result); done && done->hit) {
    plan_.step_off = false;
    if (auto stop = judge_.at_watchpoint(*done->hit)) return unless(std::move(stop));
  }
  starved_ = 0;
  user_int3_.stepped();
  interrupts_due_ = series_.waits(vcpu_.general()) && interrupts() != Stepper::Interrupts::Delivered;
  return unless(judge_.after_step());
}

}  // namespace gdbvm
