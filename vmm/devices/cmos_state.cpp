// The real-time clock and its memory as data.
#include "vmm/devices/cmos.h"

namespace gdbvm {

void Cmos::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(std::int64_t{offset_.count()});
  // The host's time of day is none of the machine's state.
  to.put(std::int64_t{has_start_ ? now().time_since_epoch().count() : 0});
  to.put(std::int64_t{collected_.time_since_epoch().count()});
  to.put(set_);
  to.put(ram_);
  to.put(std::array<std::uint8_t, 4>{events_, interrupting_, index_, has_start_});
}

void Cmos::restore(StateReader& from) {
  constexpr std::chrono::microseconds furthest = std::chrono::years(40'000);  // no guest can set it as far
  const std::chrono::microseconds offset(from.get<std::int64_t>()), shown(from.get<std::int64_t>()),
      collected(from.get<std::int64_t>());
  const auto set = from.get<Fields>();
  const auto ram = from.get<decltype(ram_)>();
  const auto [events, interrupting, index, had_start] = from.get<std::array<std::uint8_t, 4>>();
  for (const auto time : {offset, shown, collected}) {
    if (time > furthest || time < -furthest) throw StateError("a time that no clock shows");
  }
  const std::lock_guard lock(mutex_);
  offset_ = has_start_ || had_start ? Time(had_start ? shown : collected) - clock_() : offset;
  collected_ = Time(collected);
  set_ = set;
  ram_ = ram;
  events_ = events & rtc::all_events;
  interrupting_ = interrupting != 0;
  index_ = index & index_bits;
  set_timer();
}

}  // namespace gdbvm
