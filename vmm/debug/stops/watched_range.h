// Guest-physical ranges that are watched, and accesses to them.
#pragma once

#include <cstdint>

#include "gdbstub/target.h"
#include "vmm/memory/address.h"

namespace gdbvm {

struct WatchedRange {
  Gpa start;
  std::uint64_t size;                        // bytes
  enum class For { Writes, Accesses } what;  // Accesses: reads too, at the price of an absent page
  bool operator==(const WatchedRange&) const = default;
};

struct WatchedAccess {
  Gpa start;
  std::uint64_t size;  // bytes
  enum class Direction { Read, Write } direction;
};

constexpr bool overlaps(const WatchedRange& range, const WatchedAccess& access) {
  return range.start < access.start + access.size && access.start < range.start + range.size;
}

constexpr bool reports(gdbstub::WatchKind kind, WatchedAccess::Direction direction) {
  if (kind == gdbstub::WatchKind::Access) return true;
  return (kind == gdbstub::WatchKind::Write) == (direction == WatchedAccess::Direction::Write);
}

}  // namespace gdbvm
