// A machine of a few numbers with a timeline of its own, and every state that it has been in.
#pragma once

#include <cstring>
#include <functional>
#include <random>
#include <utility>
#include <vector>

#include "vmm/history/timeline.h"
#include "vmm/history/vehicle.h"

namespace gdbvm::history {

struct ToyState {
  std::uint64_t pc = 0, value = 1, memory = 0, halted = 0, writes = 0;
  bool operator==(const ToyState&) const = default;
};

class ToyWorld final : public Vehicle {
 public:
  static constexpr std::uint64_t loop = 12, access_at = 7, halt_at = 10, handler = 100, handler_end = 103,
                                 writes_at = 3;

  explicit ToyWorld(unsigned seed) : random_(seed) {}

  // ---- the present
  // So many segments of so many steps each, in each of which what comes about is recorded.
  void live(unsigned segments, unsigned longest) {
    for (unsigned i = 0; i < segments; ++i) {
      begin_segment(random_() % 2 == 0);
      for (auto steps = random_() % (longest + 1); steps > 0; --steps) live_step();
    }
  }
  void begin_segment(bool delivers) {
    met_ = 0;
    at_start_ = true;
    at_meeting_ = false;
    timeline.add({.start = keyframe(timeline.next()), .delivers = delivers, .meetings = {}});
    if (delivers) live_step();
  }
  // What is met goes to the log, where something may come and be taken at once.
  void live_step() {
    auto& log = timeline.present().meetings;
    if (!at_start_ && at_meeting_ && !state.halted && random_() % 4 == 0) log.back().delivers = 1;
    if (const auto kind = due() ? std::nullopt : meeting_here()) {
      at_start_ = false;
      log.emplace_back(Clock::Time(random_() % 1000), *kind);
      meet(log.back());
      if (*kind == Meeting::Kind::Wait) log.back().delivers = 1;
      if (*kind == Meeting::Kind::Wait) leave_by_delivery();
    } else if (due()) {
      leave_by_delivery();
    } else {
      at_start_ = at_meeting_ = false;
      execute();
    }
    states.push_back(state);
  }
  void leave_by_delivery() {
    at_start_ = at_meeting_ = false;
    deliver();
  }
  // Somebody changes the machine.
  void change(std::uint64_t value) {
    timeline.present().end = present();
    state.value = value;
    states.push_back(state);
    begin_segment(false);
  }
  KeyframePtr present() { return keyframe(timeline.last()); }

  ToyState state;
  std::vector<ToyState> states{state};  // each that it has been in, up to the present
  Timeline timeline;

  // ---- what is waited for
  std::function<bool(const ToyState&)> breakpoint = [](const ToyState&) { return false; };
  bool watched = false;          // writes to memory
  bool disordered = false;       // it does not do again what it has done
  unsigned refuses_after = ~0u;  // so many steps and runs

  bool tells_writes = false;  // without running

  unsigned puts = 0, moves = 0;

  // ---- Vehicle
  KeyframePtr take(std::chrono::nanoseconds time) override {
    Keyframe taken = *keyframe(event_);
    taken.time = taken.cpu_time = time;
    taken.told = told_;
    return std::make_shared<const Keyframe>(std::move(taken));
  }
  void put_back(const KeyframePtr& place) override {
    ++puts;
    state = state_of(*place);
    event_ = place->event;
    met_ = place->met;
    at_start_ = place->at_start;
    at_meeting_ = place->at_meeting;
    told_ = place->told;
  }
  bool is_at(const Keyframe& place) override {
    return place.digest ? digest() == *place.digest : state == state_of(place);
  }
  Digest digest() const {
    const auto hash = [](std::uint64_t value) { return static_cast<std::uint32_t>(std::hash<std::uint64_t>()(value)); };
    return {hash(state.pc), hash(state.value ^ state.memory << 20)};
  }
  std::optional<Stop> stop_here() override {
    return !told_ && !due() && !state.halted && breakpoint(state) ? std::optional(Stop{state.pc, false}) : std::nullopt;
  }
  bool delivers() override { return due(); }
  bool is_uneventful(const Keyframe& one, const Keyframe& other) override {
    return tells_writes && (!watched || state_of(one).writes == state_of(other).writes);
  }
  Ran run_to_meeting(std::size_t meeting, Stops stops) override {
    return run(stops, [this, meeting](unsigned) { return met_ >= meeting; });
  }
  Ran run_for(std::chrono::nanoseconds time, Stops stops) override {
    const auto wanted = static_cast<unsigned>(time.count() / ns_per_step);
    const unsigned comes_to = wanted / 2 + random_() % (wanted + 1);
    return run(stops, [comes_to](unsigned steps) { return steps >= comes_to; });
  }
  Ran step(Stops stops) override {
    ++moves;
    if (refuses_after-- == 0) return {Ran::By::Refused};
    auto stop = do_again();
    if (stop && state.halted && due()) stop = do_again();  // it has waited
    if (!stop) return {Ran::By::Beyond};
    told_ = false;
    if (stops == Stops::Ignored) return {Ran::By::Limit};
    return {Ran::By::Limit, *stop ? *stop : stop_here()};
  }

  static ToyState state_of(const Keyframe& place) {
    ToyState state;
    std::memcpy(&state, place.machine.states.data(), sizeof state);
    return state;
  }

 private:
  static constexpr std::int64_t ns_per_step = 20'000;

  KeyframePtr keyframe(Event event) const {
    const auto bytes = std::as_bytes(std::span(&state, 1));
    Keyframe taken{.machine = {{bytes.begin(), bytes.end()}, {}, snapshot::RamImage(nullptr)}};
    taken.event = event;
    taken.met = met_;
    taken.at_start = at_start_;
    taken.at_meeting = at_meeting_;
    taken.time = taken.cpu_time = std::chrono::nanoseconds(ns_per_step * static_cast<std::int64_t>(states.size()));
    return std::make_shared<const Keyframe>(std::move(taken));
  }
  // What comes there is taken next.
  bool due() const {
    if (timeline.empty()) return false;
    const Segment& segment = timeline.at(replaying() ? event_ : timeline.last());
    return at_start_ ? segment.delivers : at_meeting_ && segment.meetings[met_ - 1].delivers;
  }
  void deliver() {
    state.memory = state.pc;  // pushed
    ++state.writes;
    state.pc = handler;
    state.halted = 0;
  }
  // What is met there: nothing but the machine, while it is halted.
  std::optional<Meeting::Kind> meeting_here() const {
    if (state.halted) return Meeting::Kind::Wait;
    if (state.pc == access_at) return Meeting::Kind::Access;
    return state.pc == halt_at ? std::optional(Meeting::Kind::Halt) : std::nullopt;
  }
  void meet(const Meeting& meeting) {
    ++met_;
    at_meeting_ = true;
    if (meeting.kind == Meeting::Kind::Access) state.value += meeting.time;
    if (meeting.kind == Meeting::Kind::Halt) state.halted = 1;
    if (meeting.kind != Meeting::Kind::Wait) move_on();
  }
  void execute() {
    if (state.pc == writes_at) {
      state.memory = state.value;
      ++state.writes;
    } else {
      state.value = state.value * 5 + state.pc;
    }
    if (disordered && replaying() && random_() % 3 == 0) ++state.value;
    move_on();
  }
  void move_on() {
    state.pc = state.pc == handler_end ? state.memory % loop
               : state.pc >= handler   ? state.pc + 1
                                       : (state.pc + 1) % loop;
  }
  bool replaying() const { return event_ != 0; }
  // nullopt: beyond the end. Else what it comes to after the step, if that is waited for.
  std::optional<std::optional<Stop>> do_again() {
    const bool delivery = due();
    const auto kind = meeting_here();
    const bool writes = delivery || (!kind && state.pc == writes_at);
    at_start_ = at_meeting_ = false;
    if (delivery) {
      deliver();
    } else if (!kind) {
      execute();
    } else {
      const auto& log = timeline.at(event_).meetings;
      if (met_ >= log.size() || log[met_].kind != *kind) return std::nullopt;
      meet(log[met_]);
    }
    return writes && watched ? std::optional(Stop{writes_at, true}) : std::nullopt;
  }
  Ran run(Stops stops, const std::function<bool(unsigned)>& ended) {
    ++moves;
    if (refuses_after-- == 0) return {Ran::By::Refused};
    const auto took = [](unsigned steps) { return std::chrono::nanoseconds(ns_per_step * steps); };
    for (unsigned steps = 0; !ended(steps); ++steps) {
      if (stops == Stops::Wanted) {
        if (const auto stop = stop_here()) {
          told_ = true;
          return {Ran::By::Stop, stop, took(steps)};
        }
      }
      told_ = false;
      const auto stop = do_again();
      if (!stop) return {Ran::By::Beyond, {}, took(steps)};
      if (*stop && stops == Stops::Wanted) return {Ran::By::Stop, *stop, took(steps + 1)};
      if (steps > 100'000) return {Ran::By::Beyond};
    }
    return {Ran::By::Limit, {}, took(0)};
  }

  std::minstd_rand random_;
  Event event_ = 0;  // that is run again; 0: none yet
  std::size_t met_ = 0;
  bool at_start_ = false, at_meeting_ = false, told_ = false;
};

}  // namespace gdbvm::history
