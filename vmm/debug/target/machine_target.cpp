// The machine as a gdbstub::Target: threads are vCPUs, and every question goes to the part that knows.
#include "vmm/debug/target/machine_target.h"

#include <algorithm>

#include "vmm/debug/guest/hit_context.h"
#include "vmm/memory/mapped_ranges.h"

namespace gdbvm {

using namespace gdbstub;

namespace {

// By what the CPU decodes, but that 64-bit registers are there in all of long mode.
boot::GuestArchitecture architecture_of(Vcpu& vcpu) {
  switch (x86::mode_of(vcpu.system(), vcpu.general().rflags)) {
    case x86::CpuMode::Long:
    case x86::CpuMode::Compatibility:
      return boot::GuestArchitecture::X86_64;
    case x86::CpuMode::Protected32:
      return boot::GuestArchitecture::I386;
    case x86::CpuMode::Real:
    case x86::CpuMode::Virtual8086:
    case x86::CpuMode::Protected16:
      break;
  }
  return boot::GuestArchitecture::I8086;
}

}  // namespace

KvmTarget::KvmTarget(Machine& machine, Config config, EventSink post)
    : machine_(machine),
      config_(std::move(config)),
      post_(std::move(post)),
      run_control_(machine, host_, post_, [this](const HitAction& action, Vcpu& v) { return run_action(action, v); }) {
  if (config_.modules) modules_.emplace(*config_.modules);
  describe_as(config_.architecture.value_or(machine.plan().architecture));
}

void KvmTarget::describe_as(boot::GuestArchitecture architecture) {
  if (described_ == architecture) return;
  described_ = architecture;
  description_ = describe_registers(architecture, config_.features);
  registers_.clear();
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) {
    registers_.push_back(std::make_unique<GuestRegisters>(architecture, config_.features, machine_.vcpu({i})));
  }
}

// There is one description for all CPUs, and a wider one can show a narrower CPU.
void KvmTarget::refresh_description() {
  if (config_.architecture) return;
  run_control_.held([&] {
    auto widest = boot::GuestArchitecture::I8086;
    for (std::uint32_t i = 0; i < machine_.cpus(); ++i) widest = std::max(widest, architecture_of(machine_.vcpu({i})));
    describe_as(widest);
  });
}

void KvmTarget::pause() {
  paused_ = true;
  run_control_.interrupt();
}

void KvmTarget::run() {
  paused_ = false;
  std::vector<ThreadAction> actions;
  for (const ThreadId thread : threads()) {
    if (!run_control_.running({thread.value - 1})) actions.push_back({thread, ResumeKind::Continue});
  }
  run_control_.resume(actions);
}

void KvmTarget::probe_once() {
  if (probed_) return;
  probed_ = true;
  const HostStops found = config_.probe();
  run_control_.held([&] {
    host_ = found;
    run_control_.host_probed(host_);
  });
}

std::vector<ThreadId> KvmTarget::threads() {
  std::vector<ThreadId> ids;
  for (std::uint32_t i = 0; i < machine_.cpus(); ++i) ids.push_back({i + 1});
  return ids;
}

// Inside held(): the registers of a running vCPU are looked at on its own thread.
void KvmTarget::forget_registers() {
  for (const auto& registers : registers_) registers->forget();
}

Result<> KvmTarget::require_parked(ThreadId thread) const {
  if (run_control_.running({thread.value - 1})) return fail(fmt::format("CPU {} is running", thread.value - 1));
  return {};
}

Result<> KvmTarget::read_register(ThreadId thread, RegisterNumber number, MutableBytes out) {
  if (auto parked = require_parked(thread); !parked) return parked;
  return run_control_.inspect([&] { return registers_of(thread).read(number, out); });
}

Result<> KvmTarget::write_register(ThreadId thread, RegisterNumber number, Bytes bytes) {
  if (auto parked = require_parked(thread); !parked) return parked;
  return run_control_.inspect([&] { return registers_of(thread).write(number, bytes); });
}

x86::SystemRegisters KvmTarget::space_of(ThreadId thread) {
  x86::SystemRegisters system = vcpu(thread).system();
  if (client_view_.cr3) system.cr3 = *client_view_.cr3;
  return system;
}

Result<std::size_t> KvmTarget::read_memory(ThreadId thread, Address address, MutableBytes out) {
  current_ = thread;
  return run_control_.held([&] {
    auto& view = run_control_.view();
    return physical_ ? view.read_physical({address.value}, out) : view.read(space_of(thread), {address.value}, out);
  });
}

Result<> KvmTarget::write_memory(ThreadId thread, Address address, Bytes bytes) {
  return run_control_.held([&] {
    auto& view = run_control_.view();
    return physical_ ? view.write_physical({address.value}, bytes)
                     : view.write(space_of(thread), {address.value}, bytes);
  });
}

Result<> KvmTarget::resume(std::span<const ThreadAction> actions) {
  probe_once();
  for (const ThreadAction& action : actions) {
    if (auto parked = require_parked(action.thread); !parked) return parked;
  }
  for (const ThreadAction& action : actions) registers_of(action.thread).forget();
  paused_ = false;
  run_control_.resume(actions);
  return {};
}

Verdict KvmTarget::run_action(const HitAction& action, Vcpu& stopped) {
  const ThreadId thread{stopped.index().value + 1};
  VcpuHitContext context(stopped, *registers_[stopped.index().value], run_control_.view(),
                         [this](std::string_view text) { post_(ConsoleOutput{std::string(text)}); });
  registers_of(thread).forget();
  return action.evaluate(context);
}

Result<std::string> KvmTarget::insert(BreakpointKind kind, Address address, std::shared_ptr<const HitAction> action) {
  probe_once();
  return run_control_.held(
      [&] { return run_control_.points().insert(kind, {address.value}, std::move(action), vcpu(current_)); });
}

Result<> KvmTarget::remove(BreakpointKind kind, Address address) {
  run_control_.held([&] { run_control_.points().remove(kind, {address.value}); });
  return {};
}

Result<std::string> KvmTarget::insert(WatchKind kind, Address address, std::uint64_t length,
                                      std::shared_ptr<const HitAction> action) {
  probe_once();
  constexpr std::uint64_t longest = 1u << 20;
  if (length == 0 || length > longest) return fail(fmt::format("a watchpoint is 1 to {} bytes long", longest));
  return run_control_.held(
      [&] { return run_control_.points().insert(kind, {address.value}, length, std::move(action), vcpu(current_)); });
}

Result<> KvmTarget::remove(WatchKind kind, Address address, std::uint64_t length) {
  run_control_.held([&] { run_control_.points().remove(kind, {address.value}, length); });
  return {};
}

// The debugger's addresses are virtual: any of them may be mapped to RAM, and what is not says so when it is read. Only
// ROM is singled out, where it is seen at its physical address.
std::vector<MemoryRegion> KvmTarget::regions() {
  std::vector<MemoryRegion> regions;
  std::uint64_t at = 0;
  for (const auto& rom : machine_.slots().roms()) {
    if (rom.start.value > at) regions.push_back({MemoryRegion::Kind::Ram, {at}, rom.start.value - at});
    regions.push_back({MemoryRegion::Kind::Rom, {rom.start.value}, rom.size});
    at = rom.start.value + rom.size;
  }
  regions.push_back({MemoryRegion::Kind::Ram, {at}, ~std::uint64_t{0} - at});
  return regions;
}

// Page tables know no right to read: what is mapped is readable. Physical addresses are those of a CPU without paging.
AddressRange KvmTarget::range_at(ThreadId thread, Address address) {
  return run_control_.held([&] {
    const auto system = physical_ ? x86::SystemRegisters{} : space_of(thread);
    const AddressSpan span = MappedRanges(machine_.memory(), system).around({address.value});
    const bool mapped = span.rights.has_value();
    const auto rights = span.rights.value_or(paging::Rights{.writable = false, .user = false, .executable = false});
    return AddressRange{{span.start.value}, span.size, mapped, mapped, rights.writable, rights.executable};
  });
}

std::string KvmTarget::name(ThreadId thread) { return fmt::format("CPU {}", thread.value - 1); }

namespace {
std::string_view describe(x86::RunState state) {
  switch (state) {
    case x86::RunState::Halted:
      return "halted";
    case x86::RunState::Uninitialized:  // KVM's word for a CPU that no INIT has reached since power-on
    case x86::RunState::InitReceived:
    case x86::RunState::SipiReceived:
      return "waiting for SIPI";
    case x86::RunState::Runnable:
      break;
  }
  return "running";
}
}  // namespace

// What the guest's CPU does, whether or not the debugger holds it at the moment.
std::string KvmTarget::extra(ThreadId thread) {
  return run_control_.held([&] {
    Vcpu& cpu = vcpu(thread);
    const auto state = cpu.run_state();
    const auto mode = x86::mode_of(cpu.system(), cpu.general().rflags);
    return fmt::format("{} [{}] {}", name(thread), describe(state), x86::name_of(mode));
  });
}

Result<gdbstub::Piece> KvmTarget::run(ThreadId thread, std::string_view line, const gdbstub::Print& print) {
  MonitorContext context{*this, client_view_.cpu.value_or(thread), client_view_, print};
  if (const auto done = run_monitor_command(context, line); !done) return std::unexpected(done.error());
  return gdbstub::Piece();
}

Result<> KvmTarget::restart() {
  if (run_control_.any_running()) return fail("the guest is running");
  return restart_in_place();
}

Result<> KvmTarget::restart_in_place() {
  run_control_.held([&] {
    forget_registers();
    run_control_.reset_machine();
  });
  ended_ = false;
  return {};
}

void KvmTarget::attached() {
  has_client_ = true;
  client_view_ = {};
}

void KvmTarget::detached() {
  has_client_ = false;
  client_view_ = {};
  run_control_.slide().set_library_events(false);
  run_control_.held([&] {
    forget_registers();
    run_control_.set_library_point({});
    (void)run_control_.points().catch_exceptions({});  // nobody would hear of them; to catch nothing always works
  });
  if (ended_) return config_.quit();
  if (run_control_.abandon_stops()) return;  // the guest has just ended, and its event says so
  switch (config_.on_detach) {
    case OnDetach::Run:
      return run();
    case OnDetach::Stop:
      return run_control_.held([&] { run_control_.points().arm(vcpu(current_)); });
    case OnDetach::Quit:
      return config_.quit();
  }
}

Result<> KvmTarget::set_non_stop(bool on) {
  run_control_.set_mode(on ? RunControl::Mode::NonStop : RunControl::Mode::AllStop);
  return {};
}

Result<> KvmTarget::stop(ThreadId thread) {
  run_control_.stop({thread.value - 1});
  return {};
}

bool KvmTarget::physical_memory() { return physical_; }
Result<> KvmTarget::set_physical_memory(bool on) {
  physical_ = on;
  return {};
}

namespace {
constexpr unsigned step_enabled = 1, step_without_interrupts = 2, step_without_timers = 4;
}
unsigned KvmTarget::step_flags() {
  const bool interrupts = run_control_.stepper().interrupts_allowed();
  return interrupts ? step_enabled : step_enabled | step_without_interrupts | step_without_timers;
}
Result<> KvmTarget::set_step_flags(unsigned flags) {
  run_control_.held([&] { run_control_.stepper().allow_interrupts(!(flags & step_without_interrupts)); });
  return {};
}

}  // namespace gdbvm
