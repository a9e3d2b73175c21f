#include "vmm/history/recorder.h"

#include <algorithm>
#include <utility>

#include "vmm/history/between_instructions.h"

namespace gdbvm::history {

void Recorder::begin() {
  timeline_.clear();
  stand_ = {};
  changed_ = false;
  noted_ = clock().now();
  begin_segment();
}

void Recorder::go_on(const Keyframe& here) {
  changed_ = false;
  stand_ = {.at_start = here.at_start, .at_meeting = here.at_meeting};
  begun_ = met_ = progress_.total();
  noted_ = clock().now();
}

void Recorder::is_changed() {
  const bool known = std::exchange(changed_, true);
  if (!known && !machine_.vcpu({0}).unfinished()) timeline_.present().end = here();
}

Keyframe Recorder::take() {
  Keyframe taken = keyframes_.take();
  taken.time = progress_.total();
  taken.since_met = progress_.total() - met_;
  return taken;
}

KeyframePtr Recorder::here() {
  Keyframe taken = take();
  taken.event = timeline_.last();
  taken.met = timeline_.present().meetings.size();
  taken.at_start = stand_.at_start;
  taken.at_meeting = stand_.at_meeting;
  return std::make_shared<const Keyframe>(std::move(taken));
}

// ---- where it stands ------------------------------------------------------------------------------------------------

bool Recorder::news() {
  clock().halt();
  return changed_ || (!stand_.at_start && is_long() && between_instructions(machine_.vcpu({0}))) ||
         (!stand_.at_meeting && due());
}

// What the timers and the interrupt controllers have by now.
bool Recorder::due() const {
  if (stand_.at_start || !between_instructions(machine_.vcpu({0}))) return false;
  const Clock::Time now = machine_.clock().now();
  const auto reached = [now](const std::optional<Clock::Time>& time) { return time && *time <= now; };
  return reached(machine_.chipset().timers.next()) || reached(machine_.interrupts().next_event({0})) ||
         machine_.interrupts().news({0});
}

bool Recorder::is_long() const {
  return progress_.total() - begun_ >= limits_.interval || timeline_.present().meetings.size() >= limits_.meetings;
}

void Recorder::looks() {
  if (!news()) return;
  // Where an access has been answered and is still to be completed, the processor asks for the news before.
  if (!machine_.vcpu({0}).unfinished()) begin_segment();
}

bool Recorder::delivers() {
  if (!stand_.at_start && stand_.at_meeting) {
    timeline_.present().meetings.back().delivers = 1;
    return true;
  }
  if (!stand_.at_start) begin_segment();
  timeline_.present().delivers = true;
  return true;
}

// Perhaps nobody will hand it over again. It stands where it stood, but time has gone on since.
void Recorder::gave_back() {
  if (entered_.at_start) {
    timeline_.present().delivers = false;
  } else if (entered_.at_meeting) {
    timeline_.present().meetings.back().delivers = 0;
  }
}

void Recorder::enters() {
  entered_ = std::exchange(stand_, {});
  clock().start();
  progress_.begins(clock().now());
}

void Recorder::left() {
  clock().halt();
  progress_.ends(clock().now());
}

void Recorder::meets(Meeting::Kind kind) {
  timeline_.present().meetings.emplace_back(clock().now(), kind);
  stand_ = {.at_meeting = true};
  met_ = progress_.total();
}

Moments::Wait Recorder::waits() {
  clock().start();
  return Wait::Begins;
}

void Recorder::waited() {
  clock().halt();
  meets(Meeting::Kind::Wait);
}

// An alarm that is early costs an exit, and one that is set anew a system call; as the clock stands for a while after
// each exit, the last one is early mostly.
std::optional<BareVcpu::HostTime> Recorder::alarm(std::optional<BareVcpu::HostTime> event) {
  const auto now = clock().host_now();
  const auto end = now + std::max(std::chrono::nanoseconds(0), limits_.interval - (progress_.total() - begun_));
  const auto wanted = event ? std::min(*event, end) : end;
  if (!alarm_ || *alarm_ <= now || wanted < *alarm_) alarm_ = wanted;
  return alarm_;
}

// ---- segments -------------------------------------------------------------------------------------------------------

void Recorder::begin_segment() {
  const auto began = cpu_time_of_thread();
  ran_ += clock().now() - noted_;
  noted_ = clock().now();
  Keyframe taken = take();
  taken.event = timeline_.next();
  taken.at_start = true;
  met_ = begun_ = progress_.total();
  timeline_.add({.start = std::make_shared<const Keyframe>(std::move(taken)), .meetings = {}});
  stand_ = {.at_start = true};
  changed_ = false;
  drop_the_oldest();
  taking_ += cpu_time_of_thread() - began;
}

std::uint64_t Recorder::kept_bytes() const { return keyframes_.kept_bytes() + timeline_.bytes(); }

void Recorder::drop_the_oldest() {
  while (timeline_.size() > 1 && kept_bytes() > limits_.bytes) timeline_.forget_first();
}

}  // namespace gdbvm::history
