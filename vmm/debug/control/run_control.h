// Starts, stops and steps the vCPUs together, and posts why they stopped.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/debug/control/debugged_guest.h"
#include "vmm/debug/control/guest_clocks.h"
#include "vmm/debug/control/pending_stops.h"
#include "vmm/debug/control/vcpu_thread.h"

namespace gdbvm {

// A vCPU is parked or running. While it is parked it belongs to the debugger's thread, the one that calls everything
// here; while it runs, to its own (see VcpuThread). In all-stop mode the first stop parks all, and the last one to park
// posts the event: nobody waits, nobody polls. In non-stop mode every vCPU posts its own; the end of the machine parks
// the others without an event.
class RunControl final : private VcpuThread::Owner {
 public:
  enum class Mode { AllStop, NonStop };
  using ActionRunner = gdbvm::ActionRunner;

  // Stop exits `post` one StopEvent each; it is called on any vCPU's thread.
  RunControl(Machine& machine, const HostStops& host, gdbstub::EventSink post, ActionRunner run_action);
  ~RunControl();
  RunControl(const RunControl&) = delete;
  RunControl& operator=(const RunControl&) = delete;
  // All vCPUs leave the guest and their threads end; from then on nothing is posted and nothing runs.
  void end();

  // No thread named is running.
  void resume(std::span<const gdbstub::ThreadAction> actions);
  // The machine's only CPU, which is parked, does that and stops, as if it had run.
  void send(VcpuThread::Errand errand);
  // Likewise, but nobody is told of its end: only whoever asks.
  void send_quietly(VcpuThread::Errand errand);
  // Waits for that end, for so long at most. true: it has come.
  bool await_quiet_end(std::chrono::milliseconds patience);
  // Such an errand, if one is under way, is broken off; returns when it has ended.
  void break_off_quietly();
  VcpuThread& thread_of(VcpuIndex cpu) { return *seats_[cpu.value]->thread; }
  // Told, inside held() or on a vCPU's thread that is alone, that the machine has been put elsewhere.
  void set_replaced(std::function<void()> replaced) { replaced_ = std::move(replaced); }
  // All running vCPUs park; without another reason, the event is Signalled{Int}. Nothing happens when none runs.
  void interrupt();
  // One vCPU parks; without another reason, the event is Signalled{None} (non-stop).
  void stop(VcpuIndex cpu);
  // All vCPUs park, and whatever stop is under way or kept is forgotten: the client it was for has gone. The machine's
  // end is posted nevertheless, and then the result is true.
  bool abandon_stops();
  // Whatever runs, runs on. A vCPU that has parked without having posted it does so now, if the new mode is non-stop.
  void set_mode(Mode mode);
  Mode mode() const { return mode_; }

  bool any_running() const { return running_count_ > 0; }
  // Fails in words while a vCPU runs.
  gdbstub::Result<> require_parked() const {
    if (any_running()) return gdbstub::fail("the guest is running; stop it first");
    return {};
  }
  bool running(VcpuIndex cpu) const;

  // Runs f with no vCPU in a turn, whether they are parked or not: then breakpoints, memory and registers may change.
  template <class F>
  auto held(F&& f) {
    const ExclusiveSection section(guest_.gate);
    return f();
  }

  // The guest stands still as long as the result lives: for work in pieces, each of which is in held() all the same.
  [[nodiscard]] GuestHold hold() { return GuestHold(guest_.gate); }

  // Runs f while all parked vCPUs stay as they are, without a halt of the others: for reading and writing registers.
  template <class F>
  auto inspect(F&& f) {
    if (!any_running()) return f();  // nor will any, before the caller resumes it
    const Inspection section(guest_.gate);
    return f();
  }

  // What the probe has found, in the object that the constructor got. Inside held().
  void host_probed(const HostStops& host) { guest_.stepper.use(host); }

  // What the debugger has set, and what is in force of it.
  StopTable& stops() { return guest_.stops; }
  ArmedStops& armed() { return guest_.armed; }
  GuestView& view() { return guest_.view; }
  Stepper& stepper() { return guest_.stepper; }
  // What the guest is to be noticed at once, in place of what it was before; see OneShots. Inside held().
  void watch_once(std::vector<OneShots::Place> places);
  const std::vector<bool>& passed_once() { return guest_.one_shots.passed(); }
  // The guest's kernel, if it is one that moves. Inside held(), but for its library events.
  SlideWatch& slide() { return guest_.slide; }
  // Where the kernel passes after a load, as it is linked; it moves with the kernel. nullopt: nowhere. Inside held().
  void set_library_point(std::optional<Gva> linked);
  // On a vCPU's thread: its turn should end soon, so nothing in it may wait for the outside world. Elsewhere: false.
  bool turn_should_end() const;
  // Back to the machine's start, inside held().
  void reset_machine() override;
  // replace() puts the whole machine elsewhere, with a kernel that has moved that far. Inside held(), all are parked.
  template <class F>
  void replace_machine(F&& replace, std::optional<std::uint64_t> slide) {
    guest_.planted.lift_all();
    guest_.memory_replaced();
    replace();
    guest_.slide.restore(slide);
    machine_replaced();
  }
  // How often that has happened, whoever asked for it. Inside held().
  std::uint64_t resets() const { return resets_; }
  // The exit of the last stop that the guest cannot go on from, while all CPUs are parked.
  const std::optional<Exit>& failure() const { return failure_; }
  std::uint64_t exits_of(std::size_t kind) const { return guest_.exits.of(kind); }

 private:
  struct Seat {  // a vCPU's; all but the thread under mutex_
    explicit Seat(std::unique_ptr<VcpuThread> t) : thread(std::move(t)) {}
    std::unique_ptr<VcpuThread> thread;
    bool running = false;
    std::optional<std::chrono::steady_clock::time_point> parked_at;
    std::condition_variable wake;
  };

  bool wait_until_resumed(VcpuIndex cpu) override;
  void stops(VcpuIndex cpu, VcpuStop stop) override;
  void parked(VcpuIndex cpu) override;
  Seat& seat_of(gdbstub::ThreadId thread) { return *seats_[thread.value - 1]; }
  void start(Seat& seat);
  void wake_threads(VcpuIndex after);
  void feed_the_starved(std::span<const gdbstub::ThreadAction> actions);
  void post_own(VcpuIndex cpu);
  void stop_all();
  void place_library_point();
  void machine_replaced();

  gdbstub::EventSink post_;
  DebuggedGuest guest_;
  std::vector<std::unique_ptr<Seat>> seats_;  // by vCPU
  GuestClocks clocks_;
  std::uint64_t resets_ = 0;
  std::function<void()> replaced_;

  mutable std::mutex mutex_;  // below the gate: may be taken in a turn and in an exclusive section
  Mode mode_ = Mode::AllStop;
  PendingStops stops_;
  std::optional<Exit> failure_;
  std::atomic<std::size_t> running_count_ = 0;  // changed under mutex_
  bool abandoning_ = false;
  bool quiet_ = false;                  // an errand is under way whose end is not told
  std::condition_variable all_parked_;  // for abandon_stops(), and such an errand
  bool quitting_ = false;
};

}  // namespace gdbvm
