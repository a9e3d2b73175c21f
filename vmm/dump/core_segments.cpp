// Page by page through every CPU's address space, joined to pieces.
#include "vmm/dump/core_segments.h"

#include <algorithm>
#include <map>

#include "vmm/memory/page_mappings.h"

namespace gdbvm::dump {

namespace {

constexpr std::size_t most_segments = 1u << 18;

// Disjoint pieces of the virtual address space, by their start.
class Pieces final {
 public:
  // Adds as much of it as is not taken yet.
  void add(std::uint64_t start, Gpa physical, std::uint64_t size) {
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
  bool full() const { return taken_.size() >= most_segments; }
  std::vector<CoreSegment> all() const {
    std::vector<CoreSegment> result;
    for (const auto& [start, segment] : taken_) result.push_back(segment);
    return result;
  }

 private:
  void put(const CoreSegment& segment) {
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
  std::map<std::uint64_t, CoreSegment> taken_;
};

// A page may be only partly RAM, or lie in two regions.
void add_page(Pieces& pieces, const GuestMemory& memory, const PageMapping& page) {
  for (const auto& region : memory.regions()) {
    const std::uint64_t start = std::max(page.target.value, region.start.value);
    const std::uint64_t end = std::min(page.target.value + page.size, region.start.value + region.size);
    if (start < end) pieces.add(page.start.value + (start - page.target.value), {start}, end - start);
  }
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

CoreMap core_map(const GuestMemory& memory, std::span<const x86::SystemRegisters> spaces, Unmapped unmapped) {
  Pieces pieces;
  CoreMap map;
  std::vector<std::uint64_t> seen;
  for (const auto& space : spaces) {
    if (paging::mode_of(space) == paging::Mode::None || std::ranges::find(seen, space.cr3) != seen.end()) continue;
    seen.push_back(space.cr3);
    map.left_out += for_each_page(memory, space, [&](const PageMapping& page) {
      if (pieces.full()) {
        ++map.left_out;
        return false;
      }
      add_page(pieces, memory, page);
      return true;
    });
  }
  map.segments = pieces.all();
  if (seen.empty()) {
    for (const auto& region : memory.regions()) map.segments.push_back({region.start.value, region.start, region.size});
  } else if (unmapped == Unmapped::Window) {
    add_unmapped(map, memory);
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
