#include "vmm/history/recorder.h"

#include <algorithm>

#include "vmm/history/between_instructions.h"

namespace gdbvm::history {

void Recorder::begin() {
  timeline_.clear();
  at_access_ = false;
  changed_ = false;
  begun_ = clock().now();
  begin_segment();
}

void Recorder::go_on(const Keyframe& here) {
  at_access_ = changed_ = false;
  at_start_ = here.at_start;
  begun_ = clock().now();
}

void Recorder::is_changed() {
  const bool known = std::exchange(changed_, true);
  if (!known && !machine_.vcpu({0}).unfinished()) timeline_.present().end = here();
}

KeyframePtr Recorder::here() {
  Keyframe taken = keyframes_.take();
  taken.event = timeline_.last();
  taken.accesses = timeline_.present().accesses.size();
  taken.at_start = at_start_;
  taken.time = progress_.total();
  return std::make_shared<const Keyframe>(std::move(taken));
}

bool Recorder::news() {
  clock().halt();
  return changed_ || (!at_access_ && due());
}

// What the timers and the interrupt controllers have by now.
bool Recorder::due() const {
  if (at_start_ || !between_instructions(machine_.vcpu({0}))) return false;
  const Clock::Time now = machine_.clock().now();
  const auto reached = [now](const std::optional<Clock::Time>& time) { return time && *time <= now; };
  return reached(machine_.chipset().timers.next()) || reached(machine_.interrupts().next_event({0})) ||
         machine_.interrupts().news({0}) || now - begun_ >= limits_.interval;
}

void Recorder::looks() {
  if (!news()) return;
  // Where an access has been answered and is still to be completed, the processor asks for the news before.
  if (!machine_.vcpu({0}).unfinished()) begin_segment();
}

bool Recorder::delivers() {
  if (!at_start_) begin_segment();
  timeline_.present().delivers = true;
  return true;
}

void Recorder::enters() {
  at_access_ = at_start_ = false;
  clock().start();
  progress_.begins(clock().now());
}

void Recorder::left() {
  clock().halt();
  progress_.ends(clock().now());
}

void Recorder::answers() {
  timeline_.present().accesses.push_back(clock().now());
  at_access_ = true;
}

bool Recorder::waits() {
  enters();
  return true;
}

std::optional<BareVcpu::HostTime> Recorder::alarm(std::optional<BareVcpu::HostTime> event) {
  const auto end = clock().host_time(begun_ + limits_.interval);
  return event ? std::min(*event, end) : end;
}

void Recorder::begin_segment() {
  const auto began = std::chrono::steady_clock::now();
  ran_ += clock().now() - begun_;
  const Event event = timeline_.next();
  Keyframe taken = keyframes_.take();
  taken.event = event;
  taken.at_start = true;
  taken.time = progress_.total();
  timeline_.add({.start = std::make_shared<const Keyframe>(std::move(taken)), .accesses = {}});
  at_start_ = true;
  changed_ = false;
  begun_ = clock().now();
  drop_the_oldest();
  taking_ += std::chrono::steady_clock::now() - began;
}

std::uint64_t Recorder::kept_bytes() const {
  const std::uint64_t states = timeline_.present().start->machine.states.size();
  return keyframes_.kept_bytes() + timeline_.size() * states;
}

void Recorder::drop_the_oldest() {
  while (timeline_.size() > 1 && kept_bytes() > limits_.bytes) timeline_.forget_first();
}

}  // namespace gdbvm::history
