#include "vmm/debug/control/time_travel.h"

#include <utility>

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;
using history::Arrival;
namespace stop = gdbstub::stop;

TimeTravel::TimeTravel(Machine& machine, RunControl& control, snapshot::MachineSnapshots& snapshots,
                       gdbstub::EventSink post, PastTold told)
    : machine_(machine),
      control_(control),
      post_(std::move(post)),
      told_(std::move(told)),
      keyframes_(machine, snapshots),
      replayer_(machine, timeline_),
      rerun_(control.thread_of({0}), keyframes_, replayer_),
      traveller_(timeline_, rerun_) {
  control.set_replaced([this] { machine_replaced(); });
}

// ---- beginnings ----------------------------------------------------------------------------------------------------

Result<> TimeTravel::require_one_cpu() const {
  if (machine_.cpus() == 1) return {};
  return fail("history needs a machine of one CPU: the order in which several run is not kept");
}

Result<> TimeTravel::begin(std::uint64_t bytes) {
  if (auto one = require_one_cpu(); !one) return one;
  if (auto parked = control_.require_parked(); !parked) return parked;
  bytes_ = bytes;
  control_.held([&] {
    traveller_.settles();
    machine_.clock().reserve(true);
    machine_.clock().halt();
    recorder_.emplace(machine_, keyframes_, timeline_, history::Recorder::Limits{.bytes = bytes});
    machine_.set_moments(&*recorder_);
    recorder_->begin();
  });
  return {};
}

Result<> TimeTravel::keep_again() {
  if (replays_) return {};
  if (!was_begun()) return fail("gdbvm was started without --history SIZE, which a guest's past needs from its start");
  return on() ? Result<>() : begin(bytes_);
}

Result<> TimeTravel::stop_keeping() {
  if (!on()) return {};
  if (auto future = require_future(); !future) return future;
  if (auto parked = control_.require_parked(); !parked) return parked;
  if (in_past()) return fail("the guest stands in its past; `goto end` brings it back to the present");
  control_.held([&] {
    end_recording();
    machine_.set_moments(nullptr);
    machine_.clock().reserve(false);
    timeline_.clear();
    recorder_.reset();
    keyframes_.rest();
  });
  return {};
}

// What was before is another machine's.
void TimeTravel::machine_replaced() {
  if (!on()) return;
  traveller_.settles();
  machine_.set_moments(&*recorder_);
  recorder_->begin();
  set_in_past(false);
}

// ---- travels --------------------------------------------------------------------------------------------------------

Result<> TimeTravel::require_kept() const {
  if (on()) return {};
  return fail(was_begun() ? "no history is kept; `history on` begins one" : "no history is kept: gdbvm --history SIZE");
}

Result<> TimeTravel::require_history() const {
  if (auto kept = require_kept(); !kept) return kept;
  if (auto parked = control_.require_parked(); !parked) return parked;
  if (control_.mode() == RunControl::Mode::NonStop) return fail("there is no way back in non-stop mode");
  return {};
}

Result<> TimeTravel::step_back() {
  if (auto kept = require_history(); !kept) return kept;
  send([this] { return traveller_.step_back(); });
  return {};
}

Result<> TimeTravel::run_back() {
  if (auto kept = require_history(); !kept) return kept;
  send([this] { return traveller_.run_back(); });
  return {};
}

void TimeTravel::resume(const gdbstub::ThreadAction& action) {
  if (action.kind == gdbstub::ResumeKind::Continue) return send([this] { return traveller_.run_on(); });
  send([this, action] { return step_on(action); });
}

Arrival TimeTravel::step_on(const gdbstub::ThreadAction& action) {
  for (;;) {
    const Arrival arrival = traveller_.step_on();
    const auto pc = pc_of(machine_.vcpu({0})).value;
    const bool inside =
        action.kind == gdbstub::ResumeKind::StepRange && pc >= action.range_begin.value && pc < action.range_end.value;
    if (arrival.at != Arrival::At::Step || !inside || traveller_.at_present()) return arrival;
  }
}

// An errand that is forgotten before it has begun has not left the present.
std::shared_ptr<void> TimeTravel::unless_it_sets_out() {
  return {this, [](TimeTravel* self) {
            if (!self->traveller_.in_past()) self->set_in_past(false);
          }};
}

Arrival TimeTravel::go(const Travel& travel) {
  leave_present();
  const Arrival arrival = travel();
  be_present_if_there();
  return arrival;
}

void TimeTravel::send(Travel travel) {
  set_in_past(true);
  control_.send([this, travel = std::move(travel), unless = unless_it_sets_out()] {
    const StopOrGo stop = stop_of(go(travel));
    rerun_.forget_stops();
    return stop;
  });
}

void TimeTravel::leave_present() {
  rerun_.wait_for(Waited::All);
  if (traveller_.in_past()) return;
  traveller_.leaves(recorder_->here());
  machine_.set_moments(&replayer_);
}

void TimeTravel::set_in_past(bool in_past) {
  if (in_past_.exchange(in_past) != in_past) told_(in_past);
}

StopOrGo TimeTravel::stop_of(const Arrival& arrival) const {
  using At = Arrival::At;
  switch (arrival.at) {
    case At::Step:
      return VcpuStop{stop::StepComplete{}, {}};
    case At::Stop:
      return rerun_.stop(*arrival.stop);
    case At::Begin:
      return VcpuStop{stop::HistoryEnd{stop::HistoryEnd::Side::Begin}, {}};
    case At::Present:
      return VcpuStop{stop::HistoryEnd{stop::HistoryEnd::Side::End}, {}};
    case At::Lost:
      return VcpuStop{stop::HistoryEnd{stop::HistoryEnd::Side::Begin},
                      "what the guest did between here and the event before does not come about again: it may have "
                      "read the time-stamp counter or random numbers, or run at CPL 3"};
    case At::Refused:
      return std::nullopt;
  }
  return std::nullopt;
}

// ---- the present ----------------------------------------------------------------------------------------------------

// A recording's end is not the present.
void TimeTravel::be_present_if_there() {
  if (traveller_.at_present() && !replays_) be_present(*traveller_.here());
}

void TimeTravel::be_present(const history::Keyframe& here) {
  traveller_.settles();
  machine_.set_moments(&*recorder_);
  recorder_->go_on(here);
  set_in_past(false);
}

void TimeTravel::return_to_present() {
  if (!in_past()) return;
  control_.held([&] {
    traveller_.go_to_present();
    be_present_if_there();
  });
}

void TimeTravel::begin_new_future() {
  if (!in_past()) return;
  const history::KeyframePtr here = traveller_.here();
  timeline_.forget_after(*here);
  be_present(*here);
  post_(gdbstub::ConsoleOutput{"a new future begins here: what the guest did after this is forgotten\n"});
}

Result<> TimeTravel::is_changed() {
  if (!on()) return {};
  if (auto future = require_future(); !future) return future;
  control_.held([&] {
    begin_new_future();
    recorder_->is_changed();
  });
  return {};
}

void TimeTravel::comes_from_outside() {
  if (!on()) return;
  begin_new_future();
  recorder_->comes_from_outside();
}

TimeTravel::Extent TimeTravel::extent() const {
  const history::KeyframePtr here = traveller_.here();
  return {.first = timeline_.first(),
          .last = timeline_.last(),
          .here = here ? here->event : timeline_.last(),
          .in_past = here != nullptr,
          .snapshots = timeline_.size(),
          .bytes = recorder_ ? recorder_->kept_bytes() : keyframes_.kept_bytes(),
          .begun = timeline_.at(timeline_.first()).start->clock,
          .time = machine_.clock().now(),
          .cost = recorder_ ? recorder_->cost() : 0};
}

}  // namespace gdbvm
