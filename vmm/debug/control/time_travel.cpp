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

Result<> TimeTravel::begin(std::uint64_t bytes) {
  if (machine_.cpus() > 1)
    return fail("history needs a machine of one CPU: the order in which several run is not kept");
  if (auto parked = control_.require_parked(); !parked) return parked;
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

// What was before is another machine's.
void TimeTravel::machine_replaced() {
  if (!on()) return;
  traveller_.settles();
  machine_.set_moments(&*recorder_);
  recorder_->begin();
  set_in_past(false);
}

// ---- travels --------------------------------------------------------------------------------------------------------

Result<> TimeTravel::require_history() const {
  if (!on()) return fail("no history is kept: gdbvm --history SIZE");
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

Result<> TimeTravel::go_to(history::Event event) {
  if (auto kept = require_history(); !kept) return kept;
  if (event < timeline_.first() || event > timeline_.last())
    return fail(fmt::format("the history has events {} to {}", timeline_.first(), timeline_.last()));
  set_in_past(true);
  control_.held([&] {
    leave_present();
    (void)traveller_.go_to(event);
  });
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

void TimeTravel::send(Travel travel) {
  set_in_past(true);
  control_.send([this, travel = std::move(travel)] {
    leave_present();
    const StopOrGo stop = arrived(travel());
    rerun_.forget_stops();
    return stop;
  });
}

void TimeTravel::leave_present() {
  if (traveller_.in_past()) return;
  traveller_.leaves(recorder_->here());
  machine_.set_moments(&replayer_);
}

void TimeTravel::set_in_past(bool in_past) {
  if (in_past_.exchange(in_past) != in_past) told_(in_past);
}

StopOrGo TimeTravel::arrived(const Arrival& arrival) {
  using At = Arrival::At;
  if (traveller_.at_present()) be_present(*traveller_.here());
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
    be_present(*traveller_.here());
  });
}

void TimeTravel::begin_new_future() {
  if (!in_past()) return;
  const history::KeyframePtr here = traveller_.here();
  timeline_.forget_after(*here);
  be_present(*here);
  post_(gdbstub::ConsoleOutput{"a new future begins here: what the guest did after this is forgotten\n"});
}

void TimeTravel::is_changed() {
  if (!on()) return;
  control_.held([&] {
    begin_new_future();
    recorder_->is_changed();
  });
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
          .bytes = keyframes_.kept_bytes(),
          .time = machine_.clock().now()};
}

}  // namespace gdbvm
