#include "vmm/debug/control/hit_judge.h"

#include <utility>

#include "vmm/debug/guest/exceptions.h"
#include "vmm/debug/stepping/emulate_move.h"
#include "vmm/debug/stepping/own_exceptions.h"
#include "vmm/debug/stops/user_traps.h"

namespace gdbvm {

using namespace gdbstub;

namespace {

class ProbeHit final : public HitAction {
 public:
  ProbeHit(const TraceProbe& probe, std::vector<std::shared_ptr<TraceSteps>>& steps) : probe_(probe), steps_(steps) {}
  Verdict evaluate(HitContext& context) const override {
    if (auto steps = probe_.hit(context)) steps_.push_back(std::move(steps));
    return Verdict::Resume;
  }

 private:
  const TraceProbe& probe_;
  std::vector<std::shared_ptr<TraceSteps>>& steps_;
};

class StepTraced final : public HitAction {
 public:
  explicit StepTraced(TraceSteps& steps) : steps_(steps) {}
  // Stop: it was the last.
  Verdict evaluate(HitContext& context) const override {
    return steps_.after_step(context) ? Verdict::Resume : Verdict::Stop;
  }

 private:
  TraceSteps& steps_;
};

}  // namespace

StopOrGo HitJudge::after_exit(const StopCause& found, const Exit& exit) {
  if (const auto* failure = std::get_if<cause::Failure>(&found)) {
    return VcpuStop{stop::Signalled{failure->signal}, failure->sentence, exit};
  }
  if (plan_.step_ends_at == pc_of(vcpu_)) return VcpuStop{stop::StepComplete{}, {}};
  if (plan_.window && plan_.window->pc == pc_of(vcpu_)) {
    if (plan_.window->rsp == vcpu_.general().rsp) return close_window();
    if (!guest_.armed.at(pc_of(vcpu_))) {
      plan_.step_off = true;  // somebody else, on the way through
      return std::nullopt;
    }
  }
  const auto* trap = std::get_if<cause::UserTrap>(&found);
  if (const auto address = trap ? take_back_user_int3(trap->handler) : std::nullopt) {
    plan_.step_off = true;
    return at_user_int3(*address);
  }
  if (const auto vector = guest_.armed.exception_entry(pc_of(vcpu_))) return at_exception(*vector);
  if (const auto* watch = std::get_if<cause::Watch>(&found)) return at_watchpoint(*watch->watchpoint);
  if (const auto* breakpoint = std::get_if<cause::Breakpoint>(&found)) return at_breakpoint(breakpoint->address);
  if (trap && guest_.armed.at(pc_of(vcpu_))) return at_breakpoint(pc_of(vcpu_));
  if (std::holds_alternative<cause::OneShot>(found)) {
    (void)pass(pc_of(vcpu_));
    return std::nullopt;
  }
  hand_on(found, exit);
  return std::nullopt;
}

// Where a guarded page may be in the way of the exception's frame, the stepper opens it.
void HitJudge::hand_on(const StopCause& found, const Exit& exit) {
  const bool own_int3 = std::holds_alternative<cause::GuestInt3>(found);
  const bool frame_may_be_guarded = own_int3 && guest_.armed.guards().any();
  if (own_int3 && !frame_may_be_guarded) inject_breakpoint(vcpu_, exit);
  if (const auto* trap = std::get_if<cause::GuestTrap>(&found)) inject_debug_trap(vcpu_, trap->dr6);
  // What the handler of the guest's own exceptions is watched for has not come: its first instruction is next.
  plan_.step_off = frame_may_be_guarded || std::holds_alternative<cause::Foreign>(found) ||
                   std::holds_alternative<cause::UserTrap>(found);
}

StopOrGo HitJudge::close_window() {
  plan_.window.reset();
  plan_.step_off = plan_.step_off_after_window;
  return std::nullopt;
}

StopOrGo HitJudge::after_step() {
  plan_.step_off = plan_.open_pages = plan_.libraries_told = false;
  plan_.traced_at.reset();
  trace_steps();
  if (const auto vector = guest_.armed.exception_entry(pc_of(vcpu_))) return at_exception(*vector);
  if (plan_.ends_at(pc_of(vcpu_))) return VcpuStop{stop::StepComplete{}, {}};
  if (guest_.armed.at(pc_of(vcpu_))) {
    if (auto stop = at_breakpoint(pc_of(vcpu_))) return stop;
  }
  return if_kernel_moved();
}

// A caught exception: the guest's handler has not begun yet.
StopOrGo HitJudge::at_exception(std::uint8_t vector) {
  plan_.caught_at = pc_of(vcpu_);
  return VcpuStop{stop::Signalled{signal_of_exception(vector)}, describe_exception(guest_.view, vcpu_, vector)};
}

// The guest's handler is about to see an int3 of CPL 3: if it is ours, it has not happened.
std::optional<Gva> HitJudge::take_back_user_int3(const UserTrapHandler& handler) {
  auto frame = frame_of(guest_.view, vcpu_, handler.vector);
  const auto address = frame ? user_int3_behind(*frame) : std::nullopt;
  const auto gpa = address ? guest_.view.translate(vcpu_, *address) : fail("none");
  if (!gpa || !(guest_.planted.planted(*gpa) || guest_.planted.planted_once(*gpa))) return std::nullopt;
  frame->rip = address->value;
  return return_from(*frame, guest_.view, vcpu_) ? address : std::nullopt;
}

// The guest's own byte is there now, if ours stood there once.
bool HitJudge::pass(Gva address) {
  if (!guest_.stops.one_shots()) return false;
  const auto gpa = guest_.view.translate(vcpu_, address);
  return gpa && guest_.planted.pass(*gpa);
}

StopOrGo HitJudge::at_user_int3(Gva address) {
  if (guest_.armed.at(address)) return at_breakpoint(address);
  if (pass(address)) plan_.step_off = false;
  return std::nullopt;
}

StopOrGo HitJudge::at_breakpoint(Gva address) {
  const StopTable::Breakpoint* breakpoint = guest_.armed.at(address);
  // Libraries first: what a debugger then sets may be here as well.
  if (breakpoint->set.library_event && !std::exchange(plan_.libraries_told, true)) {
    return VcpuStop{stop::LibrariesChanged{}, {}};
  }
  plan_.libraries_told = false;
  if (breakpoint->set.trace) trace(*breakpoint, address);
  const auto wants_stop = [&](bool set, const std::shared_ptr<const HitAction>& action) {
    return set && (!action || guest_.run_action(*action, vcpu_) == Verdict::Stop);
  };
  if (wants_stop(breakpoint->set.software, breakpoint->software_action))
    return VcpuStop{stop::SoftwareBreakpoint{}, {}};
  if (wants_stop(breakpoint->set.hardware, breakpoint->hardware_action))
    return VcpuStop{stop::HardwareBreakpoint{}, {}};
  if (breakpoint->set.software || breakpoint->set.hardware) {
    breakpoint->conditions_false.fetch_add(1, std::memory_order_relaxed);
  }
  (void)pass(address);
  plan_.step_off = !emulated();
  if (!plan_.step_off) plan_.traced_at.reset();
  return std::nullopt;
}

// Once for each time that the CPU comes there, however often it stops before the instruction is executed.
void HitJudge::trace(const StopTable::Breakpoint& breakpoint, Gva address) {
  if (plan_.again || plan_.traced_at == address) return;
  plan_.traced_at = address;
  guest_.run_action(ProbeHit(*breakpoint.probe, plan_.trace_steps), vcpu_);
}

void HitJudge::before_step() {
  const auto* breakpoint = guest_.armed.at(pc_of(vcpu_));
  if (breakpoint != nullptr && breakpoint->set.trace) trace(*breakpoint, pc_of(vcpu_));
}

void HitJudge::trace_steps() {
  std::erase_if(plan_.trace_steps,
                [this](const auto& steps) { return guest_.run_action(StepTraced(*steps), vcpu_) == Verdict::Stop; });
}

// The instruction under the breakpoint, done without a step. With debug registers in use the guest's own do not work
// anyway; none of ours may watch data.
bool HitJudge::emulated() {
  const bool free = !plan_.stepping() && plan_.trace_steps.empty() && !guest_.armed.needs_stepping() &&
                    guest_.armed.guest_debug().use_debug_registers && !guest_.armed.watches_data();
  return free && emulate_move(vcpu_, guest_.view, guest_.armed.guards());
}

StopOrGo HitJudge::at_watchpoint(const StopTable::Watchpoint& watchpoint) {
  if (watchpoint.action && guest_.run_action(*watchpoint.action, vcpu_) == Verdict::Resume) return std::nullopt;
  return VcpuStop{stop::Watchpoint{watchpoint.kind, {watchpoint.start.value}}, {}};
}

StopOrGo HitJudge::if_kernel_moved() {
  if (!guest_.slide.wanted() || !guest_.slide.look(vcpu_)) return std::nullopt;
  if (guest_.slide.slide().bytes() == 0u) return std::nullopt;
  if (guest_.slide.library_events()) return VcpuStop{stop::LibrariesChanged{}, {}};
  const auto first = guest_.stops.first_breakpoint(*guest_.slide.slide().linked());
  if (!first || !guest_.slide.is_link_address(*first)) return std::nullopt;
  return VcpuStop{stop::Signalled{Signal::Trap}, guest_.slide.describe_missed(*first)};
}

}  // namespace gdbvm
