#include "vmm/devices/memory_bus.h"

#include <algorithm>

namespace gdbvm {

bool MemoryBus::Range::contains(Gpa start, std::uint64_t length) const {
  return start >= first && start - first < size && length <= size - (start - first);
}

void MemoryBus::attach(Gpa first, std::uint64_t size, MemoryDevice& device) {
  ranges_.push_back({first, size, &device});
}

void MemoryBus::attach_movable(const std::atomic<std::uint64_t>& first, std::uint64_t size, MemoryDevice& device) {
  movables_.push_back({&first, size, &device});
}

std::optional<MemoryBus::Range> MemoryBus::find(Gpa start, std::uint64_t length) const {
  const auto range = std::ranges::find_if(ranges_, [&](const Range& each) { return each.contains(start, length); });
  if (range != ranges_.end()) return *range;
  for (const Movable& movable : movables_) {
    const Range now{{*movable.first}, movable.size, movable.device};
    if (now.contains(start, length)) return now;
  }
  return std::nullopt;
}

void MemoryBus::read(Gpa start, std::span<std::uint8_t> out) {
  if (const auto range = find(start, out.size())) return range->device->read(start - range->first, out);
  std::ranges::fill(out, std::uint8_t{0xff});
}

void MemoryBus::write(Gpa start, std::span<const std::uint8_t> bytes) {
  if (const auto range = find(start, bytes.size())) range->device->write(start - range->first, bytes);
}

bool MemoryBus::catch_up() {
  bool done = true;
  for (const Range& range : ranges_) done = range.device->catch_up() && done;
  for (const Movable& movable : movables_) done = movable.device->catch_up() && done;
  return done;
}

void MemoryBus::reset() {
  for (const Range& range : ranges_) range.device->reset();
  for (const Movable& movable : movables_) movable.device->reset();
}

}  // namespace gdbvm
