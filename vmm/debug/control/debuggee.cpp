// Passes each question to the part that knows the answer.
#include "vmm/debug/control/debuggee.h"

#include <utility>

#include "vmm/debug/guest/hit_context.h"

namespace gdbvm {

using namespace gdbstub;

Debuggee::Debuggee(Machine& machine, Config config, EventSink post)
    : machine_(machine),
      config_(std::move(config)),
      post_(std::move(post)),
      registers_(machine.all_vcpus(), config_.features, config_.architecture.value_or(machine.plan().architecture)),
      run_control_(machine, host_, post_, [this](const HitAction& action, Vcpu& v) { return run_action(action, v); }),
      machine_snapshots_(machine),
      snapshots_(machine, run_control_, machine_snapshots_),
      history_(machine, run_control_, machine_snapshots_, post_, config_.in_past),
      linux_(run_control_, machine, config_.modules),
      coverage_(run_control_, config_.coverage) {}

void Debuggee::run() {
  paused_ = false;
  history_.return_to_present();
  if (history_.replays()) return;
  std::vector<ThreadAction> actions;
  for (const ThreadId thread : threads()) {
    if (!run_control_.running({thread.value - 1})) actions.push_back({thread, ResumeKind::Continue});
  }
  run_control_.resume(actions);
}

void Debuggee::pause() {
  paused_ = true;
  run_control_.interrupt();
}

Result<> Debuggee::resume(std::span<const ThreadAction> actions) {
  probe_once();
  for (const ThreadAction& action : actions) {
    if (auto parked = require_parked(action.thread); !parked) return parked;
  }
  for (const ThreadAction& action : actions) registers_of(action.thread).forget();
  paused_ = false;
  if (history_.in_past() && !actions.empty()) {
    history_.resume(actions.front());
  } else {
    run_control_.resume(actions);
  }
  return {};
}

Result<> Debuggee::step_back() {
  probe_once();
  registers_.forget();
  return history_.step_back();
}

Result<> Debuggee::run_back() {
  probe_once();
  registers_.forget();
  return history_.run_back();
}

// The registers of a running vCPU are looked at on its own thread, so they are forgotten while it is held.
Result<> Debuggee::restart(AfterRestart then) {
  if (auto future = history_.require_future(); !future) return future;
  run_control_.held([&] {
    registers_.forget();
    run_control_.reset_machine();
    if (then == AfterRestart::Stopped) pause();
  });
  ended_ = false;
  return {};
}

Result<> Debuggee::load_snapshot(const std::string& name) {
  if (auto future = history_.require_future(); !future) return future;
  run_control_.held([&] { registers_.forget(); });
  auto loaded = snapshots_.put_back(name);
  if (loaded) ended_ = false;
  return loaded;
}

void Debuggee::client_left() {
  has_client_ = false;
  run_control_.slide().set_library_events(false);
  run_control_.held([&] {
    registers_.forget();
    run_control_.set_library_point({});
    run_control_.stops().catch_exceptions({});  // nobody would hear of them
  });
}

std::vector<ThreadId> Debuggee::threads() const {
  std::vector<ThreadId> ids;
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) ids.push_back({i + 1});
  return ids;
}

Result<> Debuggee::require_parked(ThreadId thread) const {
  if (run_control_.running({thread.value - 1})) return fail(fmt::format("CPU {} is running", thread.value - 1));
  return {};
}

void Debuggee::refresh_description() {
  if (config_.architecture) return;
  run_control_.held([&] { registers_.fit_to_modes(); });
}

std::string Debuggee::describe(ThreadId thread) {
  return run_control_.held([&] {
    Processor& cpu = vcpu(thread);
    const auto state = cpu.run_state();
    const auto mode = x86::mode_of(cpu.system(), cpu.general().rflags);
    return fmt::format("CPU {} [{}] {}", thread.value - 1, x86::name_of(state), x86::name_of(mode));
  });
}

std::string Debuggee::describe(Gva place, std::optional<std::uint64_t> slide) {
  if (!symbols_) symbols_ = config_.symbols();
  const bool is_known = slide || !linux_.linked();
  const auto symbol = is_known ? symbols_->at(place.value - slide.value_or(0)) : std::nullopt;
  if (!symbol) return fmt::format("{}", place);
  if (symbol->offset == 0) return fmt::format("{} <{}>", place, symbol->name);
  return fmt::format("{} <{}+{}>", place, symbol->name, symbol->offset);
}

void Debuggee::probe_once() {
  if (probed_) return;
  probed_ = true;
  const HostStops found = config_.probe();
  run_control_.held([&] {
    host_ = found;
    run_control_.host_probed(host_);
  });
}

Result<> Debuggee::begin_coverage() {
  probe_once();
  return coverage_.begin(host_);
}

Result<> Debuggee::go_to(history::Event event) {
  registers_.forget();
  return history_.go_to(event);
}

Result<> Debuggee::go_to_mark(const std::string& name) {
  registers_.forget();
  return history_.go_to_mark(name);
}

Result<> Debuggee::go_to_present() {
  registers_.forget();
  if (auto parked = run_control_.require_parked(); !parked) return parked;
  history_.return_to_present();
  return {};
}

Verdict Debuggee::run_action(const HitAction& action, Vcpu& stopped) {
  GuestRegisters& registers = registers_.of(stopped.index());
  VcpuHitContext context(
      stopped, registers, run_control_.view(),
      [this](std::string_view text) { post_(ConsoleOutput{std::string(text)}); }, [this] { post_(TraceEnded{}); });
  registers.forget();
  return action.evaluate(context);
}

}  // namespace gdbvm
