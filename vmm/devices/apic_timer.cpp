#include "vmm/devices/apic_timer.h"

namespace gdbvm {

void ApicTimer::start(std::uint32_t count, Time now) { state_ = {.since = count ? now.count() : 0, .count = count}; }

void ApicTimer::rebase(const Setup& setup, Time now) { start(remaining(setup, now), now); }

std::uint32_t ApicTimer::remaining(const Setup& setup, Time now) const {
  if (state_.count == 0) return 0;
  const auto passed = now.count() > state_.since ? static_cast<std::uint64_t>(now.count() - state_.since) : 0;
  const std::uint64_t ticks = passed >> setup.shift;
  if (ticks < state_.count) return static_cast<std::uint32_t>(state_.count - ticks);
  if (!setup.periodic || setup.initial == 0) return 0;
  return static_cast<std::uint32_t>(setup.initial - (ticks - state_.count) % setup.initial);
}

std::optional<ApicTimer::Time> ApicTimer::expiry(const Setup& setup) const {
  if (state_.count == 0) return std::nullopt;
  return Time(state_.since + static_cast<std::int64_t>(state_.count << setup.shift));
}

bool ApicTimer::advance(const Setup& setup, Time now) {
  const auto end = expiry(setup);
  if (!end || *end > now) return false;
  const Time period(std::int64_t{setup.initial} << setup.shift);
  const bool again = setup.periodic && setup.initial != 0;
  start(again ? setup.initial : 0, again ? now - (now - *end) % period : now);
  return true;
}

void ApicTimer::restore(StateReader& reader) {
  const auto state = reader.get<State>();
  // A century: no sum of times overflows.
  constexpr std::int64_t latest = std::int64_t{100} * 365 * 24 * 3600 * 1'000'000'000;
  if (state.since < 0 || state.since > latest || state.count > UINT32_MAX)
    throw StateError("a local APIC's timer counts from an impossible time");
  state_ = state;
}

}  // namespace gdbvm
