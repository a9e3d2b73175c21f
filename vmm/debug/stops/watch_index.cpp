// A sorted list of intervals with the furthest end so far beside each.
#include "vmm/debug/stops/watch_index.h"

#include <algorithm>

namespace gdbvm {

void WatchIndex::add(const WatchedRange& range, gdbstub::WatchKind kind, std::size_t rank) {
  entries_.push_back({range, kind, rank, {}});
}

void WatchIndex::finish() {
  std::ranges::sort(entries_, {}, [](const Entry& entry) { return entry.range.start; });
  Gpa furthest{};
  for (Entry& entry : entries_)
    entry.furthest_end = furthest = std::max(furthest, entry.range.start + entry.range.size);
}

std::optional<std::size_t> WatchIndex::find(const WatchedAccess& access) const {
  auto at = std::ranges::lower_bound(entries_, access.start + access.size, {},
                                     [](const Entry& entry) { return entry.range.start; });
  std::optional<std::size_t> found;
  while (at != entries_.begin() && (--at)->furthest_end > access.start) {
    if (!overlaps(at->range, access) || !reports(at->kind, access.direction)) continue;
    found = std::min(found.value_or(at->rank), at->rank);
  }
  return found;
}

}  // namespace gdbvm
