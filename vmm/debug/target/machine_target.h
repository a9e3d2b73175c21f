// The machine as a gdbstub::Target: threads are vCPUs, and every question goes to the part that knows.
#pragma once

#include <functional>
#include <memory>

#include "gdbstub/target.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/debug/guest/guest_registers.h"
#include "vmm/debug/linux/kernel_modules.h"
#include "vmm/debug/stops/host_stops.h"
#include "vmm/machine/machine.h"
#include "vmm/monitor/monitor.h"

namespace gdbvm {

class KvmTarget final : public gdbstub::Target,
                        public gdbstub::Breakpoints,
                        public gdbstub::Watchpoints,
                        public gdbstub::MemoryMap,
                        public gdbstub::AddressSpace,
                        public gdbstub::ThreadInfo,
                        public gdbstub::MonitorCommands,
                        public gdbstub::Lifecycle,
                        public gdbstub::NonStop,
                        public gdbstub::ExecFile,
                        public gdbstub::Libraries,
                        public gdbstub::QemuCompatibility {
 public:
  enum class OnDetach { Run, Stop, Quit };
  struct Config {
    OnDetach on_detach = OnDetach::Run;
    x86::CpuFeatures features;  // which registers there are
    // Asked once, before the first resume under a debugger: probing costs milliseconds that a guest without one saves.
    std::function<HostStops()> probe;
    std::function<void()> quit;  // ends the process; called on the debugger's thread
    // The guest's ELF, for clients without one. Of a kernel that moves: an ELF without symbols, and the kernel's.
    std::optional<gdbstub::ServedFile> program = {};
    std::optional<Libraries::Library> movable_kernel = {};  // where it is linked for
    std::optional<KernelModules::Source> modules = {};      // of the guest's kernel
    // How clients see the registers; nullopt: as the CPUs' modes are when a client asks for the description.
    std::optional<boot::GuestArchitecture> architecture = {};
  };

  // `post` is called on any thread (see gdbstub::EventSink).
  KvmTarget(Machine& machine, Config config, gdbstub::EventSink post);

  // Starts all CPUs without a debugger.
  void run();
  // All CPUs stop, and without a debugger stay so until run().
  void pause();
  bool paused() const { return paused_; }
  // The vCPUs' threads end, and no event is posted any more. The guest cannot be run again.
  void end() { run_control_.end(); }
  // The host's stop mechanisms are known from here on.
  void probe_once();
  bool has_client() const { return has_client_; }
  // The guest has exited: there is nothing to run on when the client goes.
  void set_ended() { ended_ = true; }
  RunControl& run_control() { return run_control_; }
  Machine& machine() { return machine_; }
  const HostStops& host() const { return host_; }
  void quit() { config_.quit(); }
  // How far the guest's Linux kernel runs from its link address; nullopt: not known.
  std::optional<std::uint64_t> kernel_offset();
  // Of --modules, and how it went; the libraries that are modules, as they are now.
  const std::optional<KernelModules>& modules() const { return modules_; }
  std::vector<Library> list_modules();
  // system_reset: the machine starts over; CPUs that were running run on from its first instruction.
  gdbstub::Result<> restart_in_place();
  GuestRegisters& registers_of(gdbstub::ThreadId thread) { return *registers_[thread.value - 1]; }

  // gdbstub::Target
  const gdbstub::TargetDescription& description() override { return description_; }
  void refresh_description() override;
  std::vector<gdbstub::ThreadId> threads() override;
  gdbstub::Result<> read_register(gdbstub::ThreadId thread, gdbstub::RegisterNumber number,
                                  gdbstub::MutableBytes out) override;
  gdbstub::Result<> write_register(gdbstub::ThreadId thread, gdbstub::RegisterNumber number,
                                   gdbstub::Bytes bytes) override;
  gdbstub::Result<std::size_t> read_memory(gdbstub::ThreadId thread, gdbstub::Address address,
                                           gdbstub::MutableBytes out) override;
  gdbstub::Result<> write_memory(gdbstub::ThreadId thread, gdbstub::Address address, gdbstub::Bytes bytes) override;
  gdbstub::Result<> resume(std::span<const gdbstub::ThreadAction> actions) override;
  void interrupt() override { run_control_.interrupt(); }
  bool running() override { return run_control_.any_running(); }
  gdbstub::Breakpoints* breakpoints() override { return this; }
  gdbstub::Watchpoints* watchpoints() override { return this; }
  gdbstub::MemoryMap* memory_map() override { return this; }
  gdbstub::AddressSpace* address_space() override { return this; }
  gdbstub::ThreadInfo* thread_info() override { return this; }
  gdbstub::MonitorCommands* monitor_commands() override { return this; }
  gdbstub::Lifecycle* lifecycle() override { return this; }
  gdbstub::NonStop* non_stop() override { return this; }
  gdbstub::ExecFile* exec_file() override { return config_.program ? this : nullptr; }
  gdbstub::Libraries* libraries() override { return config_.movable_kernel || modules_ ? this : nullptr; }
  std::optional<gdbstub::Address> text_segment() override;
  gdbstub::QemuCompatibility* qemu_compatibility() override { return this; }

  // gdbstub::Breakpoints
  gdbstub::Result<std::string> insert(gdbstub::BreakpointKind kind, gdbstub::Address address,
                                      std::shared_ptr<const gdbstub::HitAction> action) override;
  gdbstub::Result<> remove(gdbstub::BreakpointKind kind, gdbstub::Address address) override;
  // gdbstub::Watchpoints
  gdbstub::Result<std::string> insert(gdbstub::WatchKind kind, gdbstub::Address address, std::uint64_t length,
                                      std::shared_ptr<const gdbstub::HitAction> action) override;
  gdbstub::Result<> remove(gdbstub::WatchKind kind, gdbstub::Address address, std::uint64_t length) override;
  // gdbstub::MemoryMap
  std::vector<gdbstub::MemoryRegion> regions() override;
  // gdbstub::AddressSpace
  gdbstub::AddressRange range_at(gdbstub::ThreadId thread, gdbstub::Address address) override;
  // gdbstub::ThreadInfo
  std::string name(gdbstub::ThreadId thread) override;
  std::string extra(gdbstub::ThreadId thread) override;
  // gdbstub::MonitorCommands
  gdbstub::Result<gdbstub::Piece> run(gdbstub::ThreadId thread, std::string_view line,
                                      const gdbstub::Print& print) override;
  // gdbstub::Lifecycle
  gdbstub::Result<> restart() override;
  void kill() override { config_.quit(); }
  void attached() override;
  void detached() override;
  // gdbstub::NonStop
  gdbstub::Result<> set_non_stop(bool on) override;
  gdbstub::Result<> stop(gdbstub::ThreadId thread) override;
  // gdbstub::ExecFile
  gdbstub::ServedFile program() override { return *config_.program; }
  // gdbstub::Libraries
  std::vector<Library> list() override;
  // gdbstub::QemuCompatibility
  bool physical_memory() override;
  gdbstub::Result<> set_physical_memory(bool on) override;
  unsigned step_flags() override;
  gdbstub::Result<> set_step_flags(unsigned flags) override;

 private:
  Vcpu& vcpu(gdbstub::ThreadId thread) { return machine_.vcpu({thread.value - 1}); }
  // The registers that the client's addresses of that thread's CPU are translated by. Inside held().
  x86::SystemRegisters space_of(gdbstub::ThreadId thread);
  gdbstub::Verdict run_action(const gdbstub::HitAction& action, Vcpu& vcpu);
  gdbstub::Result<> require_parked(gdbstub::ThreadId thread) const;
  void forget_registers();
  void describe_as(boot::GuestArchitecture architecture);

  Machine& machine_;
  Config config_;
  gdbstub::EventSink post_;
  HostStops host_;
  bool probed_ = false;
  bool has_client_ = false;
  bool ended_ = false;
  bool paused_ = false;
  std::optional<boot::GuestArchitecture> described_;
  gdbstub::TargetDescription description_;
  std::vector<std::unique_ptr<GuestRegisters>> registers_;  // by vCPU
  bool physical_ = false;                                   // memory packets name physical addresses (Qqemu.PhyMemMode)
  std::optional<KernelModules> modules_;
  std::uint64_t resets_seen_ = 0;  // by modules_
  MonitorView client_view_;        // how the client has asked to look at the guest
  gdbstub::ThreadId current_{1};   // whose address space a breakpoint's address is meant in
  RunControl run_control_;
};

}  // namespace gdbvm
