// Which watchpoint an access belongs to, among many.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "vmm/debug/stops/watched_range.h"

namespace gdbvm {

// Ranges may overlap. Sorted by their beginnings: a lookup is O(log N) and one look at each range that could overlap.
class WatchIndex final {
 public:
  // `rank`: of several ranges that an access touches, the lowest is the answer.
  void add(const WatchedRange& range, gdbstub::WatchKind kind, std::size_t rank);
  // Once, after the last add().
  void finish();
  // The rank of the range whose kind reports the access.
  std::optional<std::size_t> find(const WatchedAccess& access) const;

 private:
  struct Entry {
    WatchedRange range;
    gdbstub::WatchKind kind;
    std::size_t rank;
    Gpa furthest_end;  // of this range and all before it
  };
  std::vector<Entry> entries_;
};

}  // namespace gdbvm
