// Ranges kept sorted and merged, and the gaps between them.
#include "vmm/boot/ram_plan.h"

#include <algorithm>
#include <functional>

#include "vmm/memory/guest_memory.h"

namespace gdbvm::boot {

std::string room_for(Gpa start, std::uint64_t size) {
  constexpr std::uint64_t mib = 1 << 20, most = std::uint64_t{4} << 40;  // --memory's
  if (start.value > most || size > most) return {};
  std::uint64_t end = start.value + size;
  if (start >= ram_hole_end) end -= ram_hole_end - ram_hole_start;
  if (start < ram_hole_end && end > ram_hole_start.value) return {};
  return fmt::format(": --memory {}M has room for it", (end + mib - 1) / mib);
}

RamPlan::RamPlan(std::uint64_t ram_size) {
  const std::uint64_t low = std::min(ram_size, ram_hole_start.value);
  ram_.push_back({0, low});
  // No CPU addresses more than 52 bits; what lies above does not matter.
  constexpr std::uint64_t max_address = std::uint64_t{1} << 52;
  if (ram_size > low) ram_.push_back({ram_hole_end.value, ram_hole_end.value + std::min(ram_size - low, max_address)});
}

bool RamPlan::is_ram(Gpa start, std::uint64_t size) const {
  return std::ranges::any_of(ram_, [&](const Range& r) {
    return start.value >= r.start && start.value < r.end && size <= r.end - start.value;
  });
}

void RamPlan::reserve(Gpa start, std::uint64_t size) {
  if (size == 0) return;
  const std::uint64_t end = start.value + size < start.value ? UINT64_MAX : start.value + size;
  Range merged{start.value, end};
  const auto first = std::ranges::lower_bound(taken_, merged.start, {}, &Range::end);
  auto last = first;
  for (; last != taken_.end() && last->start <= merged.end; ++last) {
    merged = {std::min(merged.start, last->start), std::max(merged.end, last->end)};
  }
  taken_.insert(taken_.erase(first, last), merged);
}

bool RamPlan::is_free(std::uint64_t start, std::uint64_t size) const {
  const auto next = std::ranges::upper_bound(taken_, start, {}, &Range::end);
  return is_ram({start}, size) && (next == taken_.end() || start + size <= next->start);
}

bool RamPlan::take(Gpa start, std::uint64_t size) {
  const bool wraps = start.value + size < start.value;
  if (wraps || !is_free(start.value, size)) return false;
  reserve(start, size);
  return true;
}

std::optional<Gpa> RamPlan::find(std::uint64_t size, std::uint64_t align, Gpa preferred, std::uint64_t limit) {
  const auto taken = [&](std::uint64_t start) { return start + size <= limit && take({start}, size); };
  if (taken(preferred.value)) return preferred;
  // The lowest free place begins at the first page, where a region of RAM begins, or where something taken ends.
  std::vector<std::uint64_t> candidates{page_size};
  if (ram_.size() > 1) candidates.push_back(ram_[1].start);
  for (const Range& range : taken_) candidates.push_back(std::max(range.end, page_size));
  std::ranges::sort(candidates);
  for (const std::uint64_t candidate : candidates) {
    if (candidate > UINT64_MAX - align) break;
    const std::uint64_t aligned = (candidate + align - 1) & ~(align - 1);
    if (taken(aligned)) return Gpa{aligned};
  }
  return std::nullopt;
}

std::optional<Gpa> RamPlan::find_highest(std::uint64_t size, std::uint64_t align, std::uint64_t limit) {
  // It ends at the limit, where a region of RAM ends, or where something taken begins.
  std::vector<std::uint64_t> ends{limit};
  for (const Range& region : ram_) ends.push_back(region.end);
  for (const Range& range : taken_) ends.push_back(range.start);
  std::ranges::sort(ends, std::greater{});
  for (const std::uint64_t end : ends) {
    if (end > limit || end < size) continue;
    const std::uint64_t start = (end - size) & ~(align - 1);
    if (start < page_size) break;
    if (take({start}, size)) return Gpa{start};
  }
  return std::nullopt;
}

}  // namespace gdbvm::boot
