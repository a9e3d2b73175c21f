// The debugged machine's history: kept while it runs, and gone through backwards and forwards while it is stopped.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "gdbstub/target.h"
#include "vmm/debug/control/journey.h"
#include "vmm/debug/control/rerun.h"
#include "vmm/debug/control/run_control.h"
#include "vmm/debug/control/write_watch.h"
#include "vmm/history/recorder.h"
#include "vmm/history/recording_writer.h"
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

  // Fails in words if the machine has several CPUs.
  gdbstub::Result<> require_one_cpu() const;
  // History is kept from here on, in so many bytes at most. Fails as require_one_cpu(). Every CPU is parked.
  gdbstub::Result<> begin(std::uint64_t bytes);
  // Before begin(): what comes is written there as well, until end_recording(). Every CPU is parked.
  void record(history::RecordingWriter::Target target);
  // Once no CPU runs any more.
  void end_recording();
  // In place of begin(): the past is a recording's, in whose first state the machine is; from now on it stands in it,
  // and has no other present than its end. Throws StateError if it is not one, and the machine is of no use then.
  void replay(std::span<const std::byte> records);
  bool replays() const { return replays_; }
  // Fails in words if it does: nothing happens any more that is not in it.
  gdbstub::Result<> require_future() const;
  // It is not kept any more, and what there is of it is forgotten. Fails in words in the past.
  gdbstub::Result<> stop_keeping();
  // Once more, in as many bytes as at first. Fails in words if it never has been.
  gdbstub::Result<> keep_again();
  bool on() const { return recorder_ || replays_; }
  // It is kept, or has been.
  bool was_begun() const { return bytes_ > 0 || replays_; }
  // It is there, or on its way. From any thread.
  bool in_past() const { return in_past_; }

  // Fails in words if it is not on.
  gdbstub::Result<> require_kept() const;
  // What all ways need; an error says what is missing.
  gdbstub::Result<> require_history() const;
  gdbstub::Result<> step_back();
  gdbstub::Result<> run_back();
  // In the past: as a client resumes the CPU. Up to the present, and no further.
  void resume(const gdbstub::ThreadAction& action);
  // Before it is run on as it would have been without travels. Every CPU is parked.
  void return_to_present();
  // The guest's registers or memory are about to be changed. In the past a new future begins by it.
  // Fails as require_future().
  gdbstub::Result<> is_changed();
  // Inside held(): something comes to the machine from outside. Likewise; not while it travels.
  void comes_from_outside();
  bool travels() const { return in_past() && control_.any_running(); }

  struct Extent {
    history::Event first, last, here;
    bool in_past;
    std::uint64_t snapshots, bytes;
    Clock::Time begun, time;  // the machine's
    double cost;              // see Recorder
  };
  // Inside held(), or while every CPU is parked.
  Extent extent() const;
  // Of where the machine stands. Every CPU is parked.
  gdbstub::Result<history::Position> position();
  gdbstub::Result<> mark(const std::string& name);
  const std::map<std::string, history::KeyframePtr>& marks() const { return timeline_.marks(); }

  // To where an event came, or to a mark.
  gdbstub::Result<> go_to(history::Event event);
  gdbstub::Result<> go_to_mark(const std::string& name);
  // Ways that take their time. Lost: the machine is where it was, as there is no such place, or no way there.
  gdbstub::Result<JourneyPtr> set_out_to(const history::Position& position);
  gdbstub::Result<JourneyPtr> set_out_to(history::Event event, std::size_t steps);
  // Before the last write to that range, whatever else would stop on the way. Begin: there is none, and the machine is
  // where it was.
  gdbstub::Result<JourneyPtr> set_out_to_write(Gva start, std::uint64_t length);
  // What comes next is the delivery of an interrupt, and not the instruction. In the past.
  bool delivers() { return in_past() && replayer_.delivers(); }

 private:
  using Travel = Journey::Travel;

  gdbstub::Result<> require_event(history::Event event) const;
  gdbstub::Result<> put_at(const history::KeyframePtr& place);
  history::Arrival go(const Travel& travel);
  void send(Travel travel);
  gdbstub::Result<JourneyPtr> set_out(Travel travel, std::shared_ptr<void> keeps = nullptr);
  std::shared_ptr<void> unless_it_sets_out();
  void leave_present();
  void set_in_past(bool in_past);
  StopOrGo stop_of(const history::Arrival& arrival) const;
  history::Arrival step_on(const gdbstub::ThreadAction& action);
  void be_present_if_there();
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
  std::uint64_t bytes_ = 0;  // at most
  std::optional<history::RecordingWriter> writer_;
  bool replays_ = false;
};

}  // namespace gdbvm
