// The machine as a thing that is debugged: who runs it, its CPUs' registers, and the kernel in it. What gdb and the
// monitor have in common, without a word of either.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vmm/debug/control/coverage.h"
#include "vmm/debug/control/linux_guest.h"
#include "vmm/debug/control/named_snapshots.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/debug/control/time_travel.h"
#include "vmm/debug/guest/cpu_registers.h"
#include "vmm/debug/stops/host_stops.h"
#include "vmm/machine/machine.h"
#include "vmm/snapshot/description.h"
#include "vmm/symbols/code_symbols.h"

namespace gdbvm {

// Everything here is called on one thread, the debugger's. A thread of the debugger is a CPU, counted from 1.
class Debuggee final {
 public:
  struct Config {
    x86::CpuFeatures features;  // which registers there are
    // Asked once, before the first resume under a debugger: probing costs milliseconds that a guest without one saves.
    std::function<HostStops()> probe;
    std::function<void()> quit;                         // ends the process
    std::optional<KernelModules::Source> modules = {};  // of the guest's kernel
    // How the registers are described; nullopt: to fit the CPUs' modes whenever somebody asks.
    std::optional<boot::GuestArchitecture> architecture = {};
    std::function<snapshot::Description()> describe_machine = [] { return snapshot::Description(); };
    // Of what debuggers are served, without a slide. Read once, when a place in code is to be named.
    std::function<symbols::CodeSymbols()> symbols = [] { return symbols::CodeSymbols(); };
    // See Coverage.
    Coverage::Read coverage = [] { return gdbstub::fail("there is no program"); };
    // Told whether the machine is in its past, on any thread.
    TimeTravel::PastTold in_past = [](bool) {};
  };

  // `post` is called on any thread (see gdbstub::EventSink).
  Debuggee(Machine& machine, Config config, gdbstub::EventSink post);

  // All CPUs that are stopped run on; no client hears of it. In a recording there is nothing to run: the guest stands
  // at its end.
  void run();
  // All CPUs stop, and without a client stay stopped until run().
  void pause();
  bool paused() const { return paused_; }
  bool running() const { return run_control_.any_running(); }
  // As a client asks. Fails in words where one of the threads is running already.
  gdbstub::Result<> resume(std::span<const gdbstub::ThreadAction> actions);
  // The machine starts over. CPUs that were running run on from its first instruction, or stop before it.
  enum class AfterRestart { AsBefore, Stopped };
  // Fails in words, as a snapshot's loading does, where that is a recording.
  gdbstub::Result<> restart(AfterRestart then = AfterRestart::AsBefore);
  NamedSnapshots& snapshots() { return snapshots_; }
  TimeTravel& history() { return history_; }
  Coverage& coverage() { return coverage_; }
  gdbstub::Result<> begin_coverage();
  // Into the machine's past, as its resume functions do.
  gdbstub::Result<> step_back();
  gdbstub::Result<> run_back();
  gdbstub::Result<> go_to(history::Event event);
  gdbstub::Result<> go_to_mark(const std::string& name);
  gdbstub::Result<> go_to_present();
  // Ways through the past end without a StopEvent, so that no register is known any more.
  template <class F>
  gdbstub::Result<JourneyPtr> set_out(F&& way) {
    probe_once();
    registers_.forget();
    return way(history_);
  }
  void arrived() { registers_.forget(); }
  // f() gives the machine something from outside, while no CPU is in the guest. Fails in words while it goes through
  // its past.
  template <class F>
  gdbstub::Result<> give(F&& f) {
    if (history_.travels()) return gdbstub::fail("the guest is on its way through its past");
    if (auto future = history_.require_future(); !future) return future;
    run_control_.held([&] {
      history_.comes_from_outside();
      f();
    });
    return {};
  }
  // f(keyboard), which has the mouse too and sets its timer, is given so. Fails in words where there is none.
  template <class F>
  gdbstub::Result<> give_keyboard(F&& f) {
    I8042* keyboard = machine_.chipset().keyboard;
    if (!keyboard) return gdbstub::fail("this machine has no keyboard");
    return give([&] { f(*keyboard); });
  }
  // For a snapshot in a file.
  snapshot::Description describe_machine() const { return config_.describe_machine(); }
  // The machine is as it was then, also if it has ended since. Fails in words, and has changed nothing.
  gdbstub::Result<> load_snapshot(const std::string& name);
  // The CPUs' threads end, and no event is posted any more. The guest cannot be run again.
  void end() { run_control_.end(); }
  void quit() { config_.quit(); }
  // The guest has exited, and there is nothing to run on, until a restart.
  void set_ended() { ended_ = true; }
  bool ended() const { return ended_; }

  // A debugger is connected. When it goes, its wishes beyond breakpoints and watchpoints go with it.
  bool has_client() const { return has_client_; }
  void client_came() { has_client_ = true; }
  void client_left();

  std::vector<gdbstub::ThreadId> threads() const;
  Processor& vcpu(gdbstub::ThreadId thread) { return machine_.vcpu({thread.value - 1}); }
  // Succeeds unless the thread is running.
  gdbstub::Result<> require_parked(gdbstub::ThreadId thread) const;
  const gdbstub::TargetDescription& description() const { return registers_.description(); }
  void refresh_description();
  GuestRegisters& registers_of(gdbstub::ThreadId thread) { return registers_.of({thread.value - 1}); }
  // "CPU 0 [halted] long mode": what the guest's CPU does, whether or not the debugger holds it at the moment.
  std::string describe(gdbstub::ThreadId thread);
  // "0x100c12 <main+18>", as gdb writes it; the address alone where it has no name. `slide`: of the kernel, at that
  // time; nullopt: not known then.
  std::string describe(Gva place, std::optional<std::uint64_t> slide);

  // The host's stop mechanisms are known from here on.
  void probe_once();
  LinuxGuest& linux_guest() { return linux_; }
  RunControl& run_control() { return run_control_; }
  Machine& machine() { return machine_; }

 private:
  gdbstub::Verdict run_action(const gdbstub::HitAction& action, Vcpu& stopped);

  Machine& machine_;
  Config config_;
  gdbstub::EventSink post_;
  HostStops host_;
  bool probed_ = false;
  bool has_client_ = false;
  bool ended_ = false;
  bool paused_ = false;
  CpuRegisters registers_;
  RunControl run_control_;
  snapshot::MachineSnapshots machine_snapshots_;
  NamedSnapshots snapshots_;
  TimeTravel history_;
  LinuxGuest linux_;
  Coverage coverage_;
  std::optional<symbols::CodeSymbols> symbols_;  // once they are read
};

}  // namespace gdbvm
