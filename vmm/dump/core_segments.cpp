// Page by page through every CPU's address space, joined to segments.
#include "vmm/dump/core_segments.h"

#include <algorithm>
#include <utility>

namespace gdbvm::dump {

namespace {

constexpr std::size_t most_segments = 1u << 18;

std::vector<PageWalk> walks_of(const GuestMemory& memory, const std::vector<x86::SystemRegisters>& spaces) {
  std::vector<PageWalk> walks;
  std::vector<std::uint64_t> seen;
  for (const auto& space : spaces) {
    if (paging::mode_of(space) == paging::Mode::None || std::ranges::find(seen, space.cr3) != seen.end()) continue;
    seen.push_back(space.cr3);
    walks.emplace_back(memory, space);
  }
  return walks;
}

void add_unmapped(CoreMap& map, const GuestMemory& memory) {
  std::vector<CoreSegment> by_physical = map.segments;
  std::ranges::sort(by_physical, {}, &CoreSegment::physical);
  for (const auto& region : memory.regions()) {
    std::uint64_t at = region.start.value;
    const std::uint64_t end = at + region.size;
    const auto add_up_to = [&](std::uint64_t stop) {
      if (stop > at) map.segments.push_back({physical_window + at, {at}, stop - at});
    };
    for (const CoreSegment& segment : by_physical) {
      if (segment.physical.value >= end) break;
      add_up_to(segment.physical.value);
      at = std::max(at, segment.physical.value + segment.size);
    }
    add_up_to(end);
  }
}

}  // namespace

CoreWalk::CoreWalk(const GuestMemory& memory, const std::vector<x86::SystemRegisters>& spaces, Unmapped unmapped)
    : memory_(memory), unmapped_(unmapped), walks_(walks_of(memory, spaces)) {}

bool CoreWalk::full() const { return taken_.size() >= most_segments; }

bool CoreWalk::more(const std::function<bool()>& pause) {
  while (walked_ < walks_.size()) {
    if (!more_of(walks_[walked_], pause)) return false;
    left_out_ += walks_[walked_++].passed_over();
  }
  return true;
}

bool CoreWalk::more_of(PageWalk& walk, const std::function<bool()>& pause) {
  bool overflows = false;
  const auto visit = [&](const PageMapping& page) {
    overflows = full();
    if (overflows) return false;
    add_page(page);
    return ++pages_ % pages_at_once != 0 || !pause();
  };
  const bool all = walk.more(visit, pause);
  if (overflows) ++left_out_;
  return all || overflows;
}

// A page may be only partly RAM, or lie in two regions.
void CoreWalk::add_page(const PageMapping& page) {
  for (const auto& region : memory_.regions()) {
    const std::uint64_t start = std::max(page.target.value, region.start.value);
    const std::uint64_t end = std::min(page.target.value + page.size, region.start.value + region.size);
    if (start < end) add(page.start.value + (start - page.target.value), {start}, end - start);
  }
}

// As much of it as is not taken yet.
void CoreWalk::add(std::uint64_t start, Gpa physical, std::uint64_t size) {
  while (size > 0) {
    auto next = taken_.upper_bound(start);
    if (next != taken_.begin()) {
      const CoreSegment& before = std::prev(next)->second;
      const std::uint64_t covered = before.address + before.size - start;  // of what begins at `start`
      if (start - before.address < before.size) {
        if (covered >= size) return;
        start += covered, physical = physical + covered, size -= covered;
        continue;
      }
    }
    const std::uint64_t room = next == taken_.end() ? size : std::min(size, next->first - start);
    put({start, physical, room});
    start += room, physical = physical + room, size -= room;
  }
}

void CoreWalk::put(const CoreSegment& segment) {
  const auto next = taken_.lower_bound(segment.address);
  if (next != taken_.begin()) {
    CoreSegment& before = std::prev(next)->second;
    if (before.address + before.size == segment.address && before.physical + before.size == segment.physical) {
      before.size += segment.size;
      return;
    }
  }
  taken_.emplace_hint(next, segment.address, segment);
}

CoreMap CoreWalk::take_map() {
  CoreMap map{{}, left_out_};
  for (const auto& [start, segment] : std::exchange(taken_, {})) map.segments.push_back(segment);
  if (walks_.empty()) {
    for (const auto& region : memory_.regions())
      map.segments.push_back({region.start.value, region.start, region.size});
  } else if (unmapped_ == Unmapped::Window) {
    add_unmapped(map, memory_);
  }
  return map;
}

void keep_32_bits(CoreMap& map) {
  constexpr std::uint64_t end = std::uint64_t{1} << 32;
  map.left_out += std::erase_if(map.segments, [](const CoreSegment& segment) {
    return segment.address + segment.size > end || segment.physical.value + segment.size > end;
  });
}

}  // namespace gdbvm::dump
