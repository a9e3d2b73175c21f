// The debuggee as a gdbstub::Target: a thread is a CPU, and each capability has a class of its own.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"
#include "vmm/debug/target/libraries.h"
#include "vmm/debug/target/lifecycle.h"
#include "vmm/debug/target/memory.h"
#include "vmm/debug/target/monitor_access.h"
#include "vmm/debug/target/non_stop.h"
#include "vmm/debug/target/program.h"
#include "vmm/debug/target/qemu_compatibility.h"
#include "vmm/debug/target/reverse.h"
#include "vmm/debug/target/stop_requests.h"
#include "vmm/debug/target/thread_info.h"
#include "vmm/debug/target/tracepoints.h"

namespace gdbvm {

class MachineTarget final : public gdbstub::Target {
 public:
  struct Config {
    ClientLeft left = {};
    // The guest's ELF, for clients without one. Of a kernel that may slide: an ELF without symbols, and the kernel's.
    std::optional<gdbstub::ServedFile> program = {};
    std::optional<gdbstub::Libraries::Library> sliding_kernel = {};  // where it is linked for
  };

  MachineTarget(Debuggee& debuggee, Config config);

  const gdbstub::TargetDescription& description() override { return debuggee_.description(); }
  void refresh_description() override { debuggee_.refresh_description(); }
  std::vector<gdbstub::ThreadId> threads() override { return debuggee_.threads(); }
  gdbstub::Result<> read_register(gdbstub::ThreadId thread, gdbstub::RegisterNumber number,
                                  gdbstub::MutableBytes out) override;
  gdbstub::Result<> write_register(gdbstub::ThreadId thread, gdbstub::RegisterNumber number,
                                   gdbstub::Bytes bytes) override;
  gdbstub::Result<std::size_t> read_memory(gdbstub::ThreadId thread, gdbstub::Address address,
                                           gdbstub::MutableBytes out) override {
    return memory_.read(thread, address, out);
  }
  gdbstub::Result<> write_memory(gdbstub::ThreadId thread, gdbstub::Address address, gdbstub::Bytes bytes) override {
    return memory_.write(thread, address, bytes);
  }
  gdbstub::Result<> resume(std::span<const gdbstub::ThreadAction> actions) override {
    return debuggee_.resume(actions);
  }
  void interrupt() override { debuggee_.run_control().interrupt(); }
  bool running() override { return debuggee_.running(); }

  gdbstub::Breakpoints* breakpoints() override { return &breakpoints_; }
  gdbstub::Watchpoints* watchpoints() override { return &watchpoints_; }
  gdbstub::Tracepoints* tracepoints() override { return &tracepoints_; }
  gdbstub::ReverseExecution* reverse_execution() override { return reverse_.offered() ? &reverse_ : nullptr; }
  gdbstub::MemoryMap* memory_map() override { return &memory_; }
  gdbstub::AddressSpace* address_space() override { return &memory_; }
  gdbstub::ThreadInfo* thread_info() override { return &thread_info_; }
  gdbstub::MonitorCommands* monitor_commands() override { return &monitor_; }
  gdbstub::Lifecycle* lifecycle() override { return &lifecycle_; }
  gdbstub::NonStop* non_stop() override { return &non_stop_; }
  gdbstub::ExecFile* exec_file() override { return program_.offered() ? &program_ : nullptr; }
  gdbstub::Libraries* libraries() override { return libraries_.offered() ? &libraries_ : nullptr; }
  gdbstub::QemuCompatibility* qemu_compatibility() override { return &qemu_; }
  std::optional<gdbstub::Address> text_segment() override { return libraries_.text_segment(); }

 private:
  Debuggee& debuggee_;
  ClientView view_;
  MachineMemory memory_;
  MachineBreakpoints breakpoints_;
  MachineWatchpoints watchpoints_;
  MachineTracepoints tracepoints_;
  MachineReverse reverse_;
  MachineThreadInfo thread_info_;
  MachineMonitor monitor_;
  MachineLifecycle lifecycle_;
  MachineNonStop non_stop_;
  MachineProgram program_;
  MachineLibraries libraries_;
  MachineQemuCompatibility qemu_;
};

}  // namespace gdbvm
