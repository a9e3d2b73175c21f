#include "vmm/history/position.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace gdbvm::history {

namespace {

template <class T>
bool get(std::string_view& from, T& into, int base) {
  const auto [end, error] = std::from_chars(from.data(), from.data() + from.size(), into, base);
  if (error != std::errc()) return false;
  from.remove_prefix(static_cast<std::size_t>(end - from.data()));
  return true;
}

bool skip(std::string_view& from, char expected) {
  if (!from.starts_with(expected)) return false;
  from.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Position> Position::parse(std::string_view text) {
  Position position;
  if (!get(text, position.event, 10)) return std::nullopt;
  if (text.empty()) return position;
  std::uint32_t time = 0;  // in microseconds: more than an hour
  const bool numbers =
      skip(text, '+') && get(text, position.met, 10) && skip(text, '.') && get(text, time, 10) && skip(text, '.');
  constexpr std::size_t digits = 8;
  Digest digest;
  std::string_view general = text.substr(0, digits), rest = text.substr(std::min(digits, text.size()));
  if (!numbers || text.size() != 2 * digits || !get(general, digest.general, 16) || !get(rest, digest.rest, 16) ||
      !general.empty() || !rest.empty()) {
    return std::nullopt;
  }
  position.time = std::chrono::microseconds(time);
  position.digest = digest;
  return position;
}

std::string Position::text() const {
  if (!digest) return fmt::format("{}", event);
  return fmt::format("{}+{}.{}.{:08x}{:08x}", event, met, time.count(), digest->general, digest->rest);
}

Keyframe Position::after(const Keyframe& start) const {
  Keyframe place{.machine = {{}, {}, start.machine.ram}};
  place.event = event;
  place.met = met;
  place.at_meeting = met > 0;  // or later
  place.time = start.time + time;
  place.cpu_time = start.cpu_time + time;
  place.digest = digest;
  return place;
}

}  // namespace gdbvm::history
