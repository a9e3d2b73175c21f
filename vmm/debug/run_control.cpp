// Starts, stops and steps the vCPUs, each on its own host thread, and says why they stopped.
#include "vmm/debug/run_control.h"

#include <pthread.h>

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
      stepper_(machine, points_, view_, planted_, host, exits_),
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
  cpu.stop = StopEvent{id_of(cpu), reason, std::move(message)};
  if (mode_ == Mode::AllStop) stop_others();
  return Next::Park;
}

}  // namespace gdbvm
