// The debugged machine's history: kept while it runs, and gone through backwards and forwards while it is stopped.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "gdbstub/target.h"
#include "vmm/debug/control/rerun.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/history/recorder.h"
#include "vmm/history/traveller.h"

namespace gdbvm {

// Called on the debugger's thread. What runs again is under the debugger as what runs for the first time; it posts one
// StopEvent, as a resume does.
class TimeTravel final {
 public:
  // Told whether the machine is in its past, where its output is not the guest's.
  using PastTold = std::function<void(bool in_past)>;

  // All outlive it. `post` is called on any thread.
  TimeTravel(Machine& machine, RunControl& control, snapshot::MachineSnapshots& snapshots, gdbstub::EventSink post,
             PastTold told);
  // What is recorded must not run any more.
  ~TimeTravel() { control_.end(); }
  TimeTravel(const TimeTravel&) = delete;
  TimeTravel& operator=(const TimeTravel&) = delete;

  // History is kept from here on, in so many bytes at most. A machine of several CPUs is refused in words. Every CPU is
  // parked.
  gdbstub::Result<> begin(std::uint64_t bytes);
  bool on() const { return recorder_.has_value(); }
  // It is there, or on its way. From any thread.
  bool in_past() const { return in_past_; }

  gdbstub::Result<> step_back();
  gdbstub::Result<> run_back();
  // In the past: as a client resumes the CPU. Up to the present, and no further.
  void resume(const gdbstub::ThreadAction& action);
  // Before it is run on as it would have been without travels. Every CPU is parked.
  void return_to_present();
  // The guest's registers or memory are about to be changed. In the past a new future begins by it.
  void is_changed();
  // Inside held(): something comes to the machine from outside. Likewise; not while it travels.
  void comes_from_outside();
  bool travels() const { return in_past() && control_.any_running(); }

  struct Extent {
    history::Event first, last, here;
    bool in_past;
    std::uint64_t bytes;
    Clock::Time time;  // the machine's
  };
  // Inside held(), or while every CPU is parked.
  Extent extent() const;
  gdbstub::Result<> go_to(history::Event event);

 private:
  using Travel = std::function<history::Arrival()>;

  gdbstub::Result<> require_history() const;
  void send(Travel travel);
  void leave_present();
  void set_in_past(bool in_past);
  StopOrGo arrived(const history::Arrival& arrival);
  history::Arrival step_on(const gdbstub::ThreadAction& action);
  void be_present(const history::Keyframe& here);
  void begin_new_future();
  void machine_replaced();

  Machine& machine_;
  RunControl& control_;
  gdbstub::EventSink post_;
  PastTold told_;
  std::atomic<bool> in_past_ = false;
  history::Keyframes keyframes_;
  history::Timeline timeline_;
  history::Replayer replayer_;
  Rerun rerun_;
  history::Traveller traveller_;
  std::optional<history::Recorder> recorder_;
};

}  // namespace gdbvm
