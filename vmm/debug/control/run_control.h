// Starts, stops and steps the vCPUs, each on its own host thread, and says why they stopped.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/debug/control/guest_clocks.h"
#include "vmm/debug/control/guest_gate.h"
#include "vmm/debug/linux/kernel_slide.h"
#include "vmm/debug/stepping/stepper.h"
#include "vmm/debug/stops/stop_points.h"
#include "vmm/machine/exit_counts.h"
#include "vmm/machine/machine.h"

namespace gdbvm {

// A vCPU is Parked or Running. While it is parked it belongs to the debugger's thread, the one that calls everything
// here; while it runs, to its own. In all-stop mode the first stop parks all, and the last one to park posts the event:
// nobody waits, nobody polls. A breakpoint hit that lost against another stop is not kept: its vCPU has not executed
// the instruction, and hits again. Every other stop is kept and posted at the next resume of its vCPU. In non-stop mode
// every vCPU posts its own; the end of the machine parks the others in silence.
class RunControl final {
 public:
  enum class Mode { AllStop, NonStop };
  // What evaluates a breakpoint's action on the vCPU's thread (see gdbstub::HitAction).
  using ActionRunner = std::function<gdbstub::Verdict(const gdbstub::HitAction&, Vcpu&)>;

  // Stop exits `post` one StopEvent each; it is called on any vCPU's thread.
  RunControl(Machine& machine, const HostStops& host, gdbstub::EventSink post, ActionRunner run_action);
  ~RunControl();
  RunControl(const RunControl&) = delete;
  RunControl& operator=(const RunControl&) = delete;
  // All vCPUs leave the guest and their threads end; from then on nothing is posted and nothing runs.
  void end();

  // No thread named is running.
  void resume(std::span<const gdbstub::ThreadAction> actions);
  // All running vCPUs park; without another reason, the event is Signalled{Int}. Nothing happens when none runs.
  void interrupt();
  // One vCPU parks; without another reason, the event is Signalled{None} (non-stop).
  void stop(VcpuIndex cpu);
  // All vCPUs park, and whatever stop is under way or kept is forgotten: whom it was for is gone. The machine's end is
  // posted nevertheless, and then the result is true.
  bool abandon_stops();
  // Whatever runs, runs on. A vCPU that has parked without having posted it does so now, if the new mode is non-stop.
  void set_mode(Mode mode);

  bool any_running() const { return running_count_ > 0; }
  bool running(VcpuIndex cpu) const;

  // Runs f with no vCPU in a turn, whether they are parked or not: then breakpoints, memory and registers may change.
  template <class F>
  auto held(F&& f) {
    const ExclusiveSection section(gate_);
    return f();
  }

  // Runs f while all parked vCPUs stay as they are, without a halt of the others: for reading and writing registers.
  template <class F>
  auto inspect(F&& f) {
    if (!any_running()) return f();  // nor will any, before the caller resumes it
    const Inspection section(gate_);
    return f();
  }

  StopPoints& points() { return points_; }
  GuestView& view() { return view_; }
  Stepper& stepper() { return stepper_; }
  // Of the guest's kernel. Inside held().
  const KernelSlide& kernel() const { return kernel_; }
  // Whether it has become known where a kernel runs that moves: by this CPU, which is not in the guest. Once true.
  bool finds_kernel(Vcpu& vcpu);
  // The client hears of the kernel's slide by stop::LibrariesChanged. Otherwise its breakpoints on the kernel's link
  // addresses, which would never be hit, make a stop with a message.
  void set_library_events(bool on) { library_events_ = on; }
  bool library_events() const { return library_events_; }
  // Where a kernel passes after a load, as it is linked; it moves with the kernel. nullopt: nowhere. Inside held().
  void set_library_point(std::optional<Gva> linked);
  // On a vCPU's thread: its turn should end soon, so nothing in it may wait for the outside world. Elsewhere: false.
  bool turn_should_end() const;
  // Back to the machine's start, inside held().
  void reset_machine();
  // How often that has happened, whoever asked for it. Inside held().
  std::uint64_t resets() const { return resets_; }
  // The exit behind the last stop that the guest cannot go on from, while all CPUs are parked.
  const std::optional<Exit>& failure() const { return failure_; }
  std::uint64_t exits_of(std::size_t kind) const { return exits_.of(kind); }

 private:
  struct Cpu {
    explicit Cpu(Vcpu& v) : vcpu(v) {}
    Vcpu& vcpu;
    bool running = false;                              // under mutex_, as the next three are
    bool awaited = false;                              // resumed, and no stop of it has been posted since
    gdbstub::Signal asked_by = gdbstub::Signal::None;  // what a stop for no other reason is told as
    std::optional<gdbstub::StopEvent> stop;            // not yet posted
    std::optional<std::chrono::steady_clock::time_point> parked_at;
    gdbstub::ThreadAction action{};
    bool retained = false;            // the stop survives a resume that does not post it
    bool step_off = false;            // the breakpoint at the pc let it go: execute that instruction first
    std::optional<Gva> caught_at;     // a handler's entry that has been reported: step off it first
    bool libraries_told = false;      // the stop at the library point it stands at has been one
    std::optional<Gva> step_ends_at;  // a step that waits behind hlt
    unsigned denied = 0;              // resumes since it last left the guest otherwise than by a kick
    bool may_wait = true;             // for an interrupt or a start, perhaps: it is to be asked before it is stepped
    bool trap_due = false;            // what a step may have left: it comes before the next instruction
    bool access_pending = false;      // the last exit was an access that KVM has not completed
    std::optional<Gpa> last_read;     // by the last exit, from a guarded page
    std::condition_variable wake;
    std::thread thread;
  };
  enum class Next { Again, Alone, Reset, Park };  // Alone, Reset: the rest needs an exclusive section

  void thread_main(Cpu& cpu);
  bool wait_until_running(Cpu& cpu);
  void park(Cpu& cpu);
  void settle(Cpu& cpu);
  void prepare(Cpu& cpu, const gdbstub::ThreadAction& action);
  void start(Cpu& cpu);
  void wake_threads(std::size_t behind);
  void help_the_denied(std::span<const gdbstub::ThreadAction> actions);
  void post_own(Cpu& cpu);
  void post_first();
  Cpu* next_awaited(bool with_stop);
  Next turn(Cpu& cpu);
  Next turn_alone(Cpu& cpu);
  Next turn_waiting(Cpu& cpu);
  bool waits(Cpu& cpu);
  Next after_step(Cpu& cpu);
  Next answer(Cpu& cpu, const Exit& exit);
  Next on_cause(Cpu& cpu, const StopCause& cause, const Exit& exit);
  Next on_breakpoint(Cpu& cpu, Gva address);
  bool performed(Cpu& cpu);
  std::optional<Gva> lost_user_int3(Cpu& cpu, const Exit& exit);
  Next on_exception(Cpu& cpu, std::uint8_t vector);
  Next on_user_trap(Cpu& cpu, const UserTrapHandler& handler);
  Next on_watch(Cpu& cpu, const StopPoints::Watchpoint& watchpoint);
  std::optional<WatchedAccess> answer_guarded(Cpu& cpu, const Exit& exit);
  Next finish_guarded(Cpu& cpu, const WatchedAccess& access);
  void expect_kernel();
  void place_library_point();
  Next look_for_kernel(Cpu& cpu, Next next);
  Next on_ended(Cpu& cpu, const Outcome& outcome);
  Next stop_with(Cpu& cpu, gdbstub::StopReason reason, std::string message = {});
  void stop_others();
  Cpu& cpu_of(gdbstub::ThreadId thread) { return *cpus_[thread.value - 1]; }
  bool stepping(const Cpu& cpu) const { return cpu.action.kind != gdbstub::ResumeKind::Continue; }
  bool by_steps(const Cpu& cpu) const;
  Stepper::Interrupts interrupts_for(const Cpu& cpu) const;
  GuestDebug request_for(const Cpu& cpu) const;
  Gva pc_of(Cpu& cpu) const;
  gdbstub::ThreadId id_of(const Cpu& cpu) const { return {cpu.vcpu.index().value + 1}; }

  Machine& machine_;
  gdbstub::EventSink post_;
  ActionRunner run_action_;
  SoftwareBreakpoints planted_;
  GuestView view_;
  StopPoints points_;
  ExitCounts exits_;
  Stepper stepper_;
  std::vector<std::unique_ptr<Cpu>> cpus_;
  GuestGate gate_;
  GuestClocks clocks_;
  KernelSlide kernel_;
  std::uint64_t resets_ = 0;
  std::atomic<bool> library_events_{false};
  std::optional<Gva> library_point_;  // as linked

  mutable std::mutex mutex_;  // below the gate: may be taken in a turn and in an exclusive section
  Mode mode_ = Mode::AllStop;
  bool ended_ = false;  // the machine: no further stops are told
  bool abandoning_ = false;
  std::condition_variable parked_;
  std::atomic<std::size_t> running_count_ = 0;  // changed under mutex_
  std::size_t last_posted_ = 0;                 // whose stop was posted last: the next search starts behind it
  bool quitting_ = false;
  std::optional<Exit> failure_;
};

}  // namespace gdbvm
