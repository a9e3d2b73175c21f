// Starts, stops and steps the vCPUs, each on its own host thread, and says why they stopped.
#include "vmm/debug/run_control.h"

#include <pthread.h>

#include "vmm/debug/exceptions.h"

namespace gdbvm {

using namespace gdbstub;

namespace {
std::vector<Vcpu*> vcpus_of(Machine& machine) {
  std::vector<Vcpu*> vcpus;
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) vcpus.push_back(&machine.vcpu({i}));
  return vcpus;
}
}  // namespace

RunControl::RunControl(Machine& machine, const HostStops& host, EventSink post, ActionRunner run_action)
    : machine_(machine),
      post_(std::move(post)),
      run_action_(std::move(run_action)),
      planted_(machine.memory()),
      view_(machine.memory(), planted_),
      points_(machine, view_, planted_, host),
      stepper_(machine, points_, view_, planted_, host),
      gate_(vcpus_of(machine)) {
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) {
    cpus_.push_back(std::make_unique<Cpu>(machine.vcpu({i})));
    Cpu& cpu = *cpus_.back();
    cpu.thread = std::thread([this, &cpu] { thread_main(cpu); });
    pthread_setname_np(cpu.thread.native_handle(), fmt::format("vcpu{}", i).c_str());
  }
}

RunControl::~RunControl() {
  {
    const std::lock_guard lock(mutex_);
    quitting_ = true;
    wake_.notify_all();
  }
  for (const auto& cpu : cpus_) gate_.ask_to_park(cpu->vcpu.index());
  for (const auto& cpu : cpus_) cpu->thread.join();
}

// ---- the debugger's side
// ---------------------------------------------------------------------------------------------

void RunControl::resume(std::span<const ThreadAction> actions) {
  held([&] { points_.arm(cpus_[actions.empty() ? 0 : actions.front().thread.value - 1]->vcpu); });
  const std::lock_guard lock(mutex_);
  failure_.reset();
  bool kept = false;
  for (const ThreadAction& action : actions) {
    Cpu& cpu = *cpus_[action.thread.value - 1];
    cpu.action = action;
    cpu.step_ends_at.reset();
    cpu.step_off = cpu.caught_at == pc_of(cpu);
    cpu.caught_at.reset();
    if (cpu.stop && !cpu.retained) cpu.stop.reset();
    kept |= cpu.stop.has_value();
  }
  if (kept && mode_ == Mode::AllStop) return post_if_all_parked();
  for (const ThreadAction& action : actions) {
    Cpu& cpu = *cpus_[action.thread.value - 1];
    gate_.allow(cpu.vcpu.index());
    cpu.running = true;
    ++running_count_;
  }
  wake_.notify_all();
}

void RunControl::interrupt() {
  const std::lock_guard lock(mutex_);
  if (running_count_ == 0) return;
  stop_others();
}

void RunControl::stop(VcpuIndex index) {
  const std::lock_guard lock(mutex_);
  Cpu& cpu = *cpus_[index.value];
  if (!cpu.running) return;
  gate_.ask_to_park(index);
}

bool RunControl::any_running() const {
  const std::lock_guard lock(mutex_);
  return running_count_ > 0;
}

bool RunControl::running(VcpuIndex cpu) const {
  const std::lock_guard lock(mutex_);
  return cpus_[cpu.value]->running;
}

void RunControl::reset_machine() {
  machine_.reset();
  points_.memory_replaced();
  points_.arm(cpus_[0]->vcpu);
  for (const auto& cpu : cpus_) {
    cpu->step_off = false;
    cpu->step_ends_at.reset();
  }
}

// ---- parking
// -----------------------------------------------------------------------------------------------------------

bool RunControl::wait_until_running(Cpu& cpu) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return cpu.running || quitting_; });
  return !quitting_;
}

void RunControl::park(Cpu& cpu) {
  const std::lock_guard lock(mutex_);
  cpu.running = false;
  --running_count_;
  if (quitting_) return;
  if (mode_ == Mode::NonStop) {
    StopEvent event = cpu.stop.value_or(StopEvent{id_of(cpu), stop::Signalled{Signal::None}, {}});
    cpu.stop.reset();
    return post_(std::move(event));
  }
  if (running_count_ == 0) post_if_all_parked();
}

// Of several stops, an end of the machine goes first, then a finished step, then whoever comes next in turn.
void RunControl::post_if_all_parked() {
  const auto rank = [](const StopEvent& event) {
    if (std::holds_alternative<stop::Exited>(event.reason)) return 0;
    return std::holds_alternative<stop::StepComplete>(event.reason) ? 1 : 2;
  };
  Cpu* chosen = nullptr;
  for (std::size_t i = 1; i <= cpus_.size(); ++i) {
    Cpu& cpu = *cpus_[(last_posted_ + i) % cpus_.size()];
    if (cpu.stop && (!chosen || rank(*cpu.stop) < rank(*chosen->stop))) chosen = &cpu;
  }
  if (!chosen) {
    return post_(StopEvent{id_of(*cpus_[last_posted_]), stop::Signalled{Signal::Int}, {}});
  }
  last_posted_ = chosen->vcpu.index().value;
  StopEvent event = std::move(*chosen->stop);
  chosen->stop.reset();
  post_(std::move(event));
}

void RunControl::stop_others() {
  for (const auto& other : cpus_) gate_.ask_to_park(other->vcpu.index());
}

RunControl::Next RunControl::stop_with(Cpu& cpu, StopReason reason, std::string message) {
  const std::lock_guard lock(mutex_);
  cpu.retained = !std::holds_alternative<stop::SoftwareBreakpoint>(reason) &&
                 !std::holds_alternative<stop::HardwareBreakpoint>(reason);
  cpu.stop = StopEvent{id_of(cpu), std::move(reason), std::move(message)};
  if (mode_ == Mode::AllStop) stop_others();
  return Next::Park;
}

// ---- a vCPU's own thread
// -------------------------------------------------------------------------------------------------

void RunControl::thread_main(Cpu& cpu) {
  const VcpuIndex index = cpu.vcpu.index();
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
    settle(cpu);
    park(cpu);
  }
}

// A parked vCPU shows the state after its last instruction: KVM finishes a pending access now.
void RunControl::settle(Cpu& cpu) {
  while (cpu.access_pending) {
    const Exit exit = cpu.vcpu.complete();
    cpu.access_pending = answer_guarded(cpu, exit) || std::holds_alternative<outcome::Done>(machine_.handle(exit));
  }
}

Gva RunControl::pc_of(Cpu& cpu) const { return {x86::linear_pc(cpu.vcpu.system(), cpu.vcpu.general().rip)}; }

GuestDebug RunControl::request_for(const Cpu& cpu) const {
  GuestDebug request = points_.guest_debug();
  if (!cpu.step_ends_at) return request;
  // The waiting step's end has a register for itself; a breakpoint it displaces is still compared by address.
  request.use_debug_registers = true;
  request.address[3] = cpu.step_ends_at->value;
  request.dr7 = (request.dr7 & 0x0fffff3f) | 0x80;
  return request;
}

RunControl::Next RunControl::turn(Cpu& cpu) {
  const bool single = (stepping(cpu) && !cpu.step_ends_at) || cpu.step_off || points_.needs_stepping();
  if (single || points_.stale(cpu.vcpu)) return Next::Alone;
  cpu.vcpu.set_guest_debug(request_for(cpu));
  return answer(cpu, cpu.vcpu.run());
}

RunControl::Next RunControl::answer(Cpu& cpu, const Exit& exit) {
  exits_[exit.index()].fetch_add(1, std::memory_order_relaxed);
  cpu.access_pending = std::holds_alternative<exits::Io>(exit) || std::holds_alternative<exits::Mmio>(exit);
  if (const auto access = answer_guarded(cpu, exit)) return finish_guarded(cpu, *access);
  const Outcome outcome = machine_.handle(exit);
  if (std::holds_alternative<outcome::Done>(outcome) || std::holds_alternative<outcome::Interrupted>(outcome)) {
    return Next::Again;
  }
  if (!std::holds_alternative<outcome::Unhandled>(outcome)) return on_ended(cpu, outcome);
  if (const auto address = lost_user_int3(cpu, exit)) return on_breakpoint(cpu, *address);
  const StopCause found = judge(exit, cpu.vcpu, points_, view_, planted_, false);
  if (std::holds_alternative<cause::Failure>(found)) {
    if (std::holds_alternative<exits::InternalError>(exit) && points_.guards().any()) {
      cpu.step_off = true;  // perhaps only a guarded page is in the way: the stepper opens it
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
  return on_watch(cpu, *hit);
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
  if (const auto& handler = points_.user_trap(); handler && pc_of(cpu) == handler->address) {
    if (const Next next = on_user_trap(cpu, *handler); next == Next::Park || pc_of(cpu) != handler->address)
      return next;
  }
  if (const auto vector = points_.exception_entry(pc_of(cpu))) return on_exception(cpu, *vector);
  if (const auto* watch = std::get_if<cause::Watch>(&found)) return on_watch(cpu, *watch->watchpoint);
  if (const auto* breakpoint = std::get_if<cause::Breakpoint>(&found)) return on_breakpoint(cpu, breakpoint->address);
  if (std::holds_alternative<cause::GuestInt3>(found)) inject_breakpoint(cpu.vcpu, exit);
  if (const auto* trap = std::get_if<cause::GuestTrap>(&found)) inject_debug_trap(cpu.vcpu, trap->dr6);
  cpu.step_off = std::holds_alternative<cause::Foreign>(found);
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
  const auto wants_stop = [&](bool set, const std::shared_ptr<const HitAction>& action) {
    return set && (!action || run_action_(*action, cpu.vcpu) == Verdict::Stop);
  };
  if (wants_stop(breakpoint->software, breakpoint->software_action)) return stop_with(cpu, stop::SoftwareBreakpoint{});
  if (wants_stop(breakpoint->hardware, breakpoint->hardware_action)) return stop_with(cpu, stop::HardwareBreakpoint{});
  cpu.step_off = true;
  return Next::Again;
}

// No other vCPU is in a turn: one instruction, or bringing the breakpoints up to date.
RunControl::Next RunControl::turn_alone(Cpu& cpu) {
  if (gate_.asked_to_park(cpu.vcpu.index())) return Next::Park;
  if (points_.stale(cpu.vcpu)) points_.arm(cpu.vcpu);
  const bool single = (stepping(cpu) && !cpu.step_ends_at) || cpu.step_off || points_.needs_stepping();
  if (!single) return Next::Again;
  const StepResult result = stepper_.step(cpu.vcpu);
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
  cpu.step_off = false;
  const Gva pc = pc_of(cpu);
  if (const auto vector = points_.exception_entry(pc)) return on_exception(cpu, *vector);
  if (cpu.action.kind == ResumeKind::Step) return stop_with(cpu, stop::StepComplete{});
  if (cpu.action.kind == ResumeKind::StepRange) {
    const bool inside = pc.value >= cpu.action.range_begin.value && pc.value < cpu.action.range_end.value;
    if (!inside) return stop_with(cpu, stop::StepComplete{});
  }
  const bool arrived = points_.needs_stepping() || stepping(cpu);
  return arrived && points_.at(pc) ? on_breakpoint(cpu, pc) : Next::Again;
}

}  // namespace gdbvm
