// A machine of three numbers with a timeline of its own, and every state that it has been in.
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
  std::uint64_t pc = 0, value = 1, memory = 0;
  bool operator==(const ToyState&) const = default;
};

class ToyWorld final : public Vehicle {
 public:
  static constexpr std::uint64_t loop = 12, access_at = 7, handler = 100, handler_end = 103, writes_at = 3;

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
    timeline.add({.start = keyframe(timeline.next(), 0, true), .delivers = delivers, .accesses = {}});
    at_start_ = true;
    recorded_ = 0;
    if (delivers) live_step();
  }
  void live_step() {
    (void)advance([this] {
      timeline.present().accesses.push_back(Clock::Time(random_() % 1000));
      return timeline.present().accesses.back();
    });
    states.push_back(state);
  }
  // Somebody changes the machine.
  void change(std::uint64_t value) {
    timeline.present().end = present();
    state.value = value;
    states.push_back(state);
    begin_segment(false);
  }
  KeyframePtr present() { return keyframe(timeline.last(), recorded_, at_start_); }

  ToyState state;
  std::vector<ToyState> states{state};  // each that it has been in, up to the present
  Timeline timeline;

  // ---- what is waited for
  std::function<bool(const ToyState&)> breakpoint = [](const ToyState&) { return false; };
  bool watched = false;          // writes to memory
  bool disordered = false;       // it does not do again what it has done
  unsigned refuses_after = ~0u;  // so many steps and runs

  unsigned puts = 0;

  // ---- Vehicle
  KeyframePtr take(std::chrono::nanoseconds time) override {
    Keyframe taken = *keyframe(event_, accesses_, at_start_);
    taken.time = taken.cpu_time = time;
    taken.told = told_;
    return std::make_shared<const Keyframe>(std::move(taken));
  }
  void put_back(const KeyframePtr& place) override {
    ++puts;
    state = state_of(*place);
    event_ = place->event;
    accesses_ = place->accesses;
    at_start_ = place->at_start;
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
    return !told_ && !delivers() && breakpoint(state) ? std::optional(Stop{state.pc, false}) : std::nullopt;
  }
  bool delivers() override { return at_start_ && timeline.at(event_).delivers; }
  Ran run_to_access(std::size_t accesses, Stops stops) override {
    return run(stops, [this, accesses](unsigned) { return accesses_ >= accesses; });
  }
  Ran run_for(std::chrono::nanoseconds time, Stops stops) override {
    const auto wanted = static_cast<unsigned>(time.count() / ns_per_step);
    const unsigned comes_to = wanted / 2 + random_() % (wanted + 1);
    return run(stops, [comes_to](unsigned steps) { return steps >= comes_to; });
  }
  Ran step(Stops stops) override {
    if (refuses_after-- == 0) return {Ran::By::Refused};
    const auto stop = do_again();
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

  KeyframePtr keyframe(Event event, std::size_t accesses, bool at_start) const {
    const auto bytes = std::as_bytes(std::span(&state, 1));
    Keyframe taken{.machine = {{bytes.begin(), bytes.end()}, {}, snapshot::RamImage(nullptr)}};
    taken.event = event;
    taken.accesses = accesses;
    taken.at_start = at_start;
    taken.time = taken.cpu_time = std::chrono::nanoseconds(ns_per_step * static_cast<std::int64_t>(states.size()));
    return std::make_shared<const Keyframe>(std::move(taken));
  }
  // One step, in which `answer` says what an access gets; nullopt: there is none any more.
  bool advance(const std::function<std::optional<Clock::Time>()>& answer) {
    if (std::exchange(at_start_, false) && timeline.at(timeline.empty() ? 0
                                                       : replaying()    ? event_
                                                                        : timeline.last())
                                               .delivers) {
      state.memory = state.pc;  // pushed
      state.pc = handler;
      return true;
    }
    if (state.pc == access_at) {
      const auto answered = answer();
      if (!answered) return false;
      state.value += static_cast<std::uint64_t>(answered->count());
      replaying() ? ++accesses_ : ++recorded_;
    } else if (state.pc == writes_at) {
      state.memory = state.value;
    } else {
      state.value = state.value * 5 + state.pc;
    }
    if (disordered && replaying() && random_() % 3 == 0) ++state.value;
    state.pc = state.pc == handler_end ? state.memory % loop
               : state.pc >= handler   ? state.pc + 1
                                       : (state.pc + 1) % loop;
    return true;
  }
  bool replaying() const { return event_ != 0; }
  // nullopt: beyond the end. Else what it comes to after the step, if that is waited for.
  std::optional<std::optional<Stop>> do_again() {
    const bool writes = at_start_ ? delivers() : state.pc == writes_at;
    const bool done = advance([this]() -> std::optional<Clock::Time> {
      const auto& log = timeline.at(event_).accesses;
      return accesses_ < log.size() ? std::optional(log[accesses_]) : std::nullopt;
    });
    if (!done) return std::nullopt;
    return writes && watched ? std::optional(Stop{writes_at, true}) : std::nullopt;
  }
  Ran run(Stops stops, const std::function<bool(unsigned)>& ended) {
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
  std::size_t accesses_ = 0, recorded_ = 0;
  bool at_start_ = false, told_ = false;
};

}  // namespace gdbvm::history
