#include "vmm/devices/memory_bus.h"

#include <algorithm>

namespace gdbvm {

void MemoryBus::attach(Gpa first, std::uint64_t size, MemoryDevice& device) {
  const auto movable = std::ranges::find_if(ranges_, [](const Range& range) { return range.moves != nullptr; });
  ranges_.insert(movable, {first, nullptr, size, &device});
}

void MemoryBus::attach_movable(const std::atomic<std::uint64_t>& first, std::uint64_t size, MemoryDevice& device) {
  ranges_.push_back({{}, &first, size, &device});
}

// A range may be moved meanwhile, so that where it is, is looked at once.
std::optional<MemoryBus::Place> MemoryBus::find(Gpa start, std::uint64_t length) const {
  for (const Range& range : ranges_) {
    const Gpa first = range.first();
    if (start < first) continue;
    const std::uint64_t offset = start - first;
    if (offset < range.size && length <= range.size - offset) return Place{*range.device, offset};
  }
  return std::nullopt;
}

void MemoryBus::read(Gpa start, std::span<std::uint8_t> out) {
  if (const auto place = find(start, out.size())) return place->device.read(place->offset, out);
  std::ranges::fill(out, std::uint8_t{0xff});
}

void MemoryBus::write(Gpa start, std::span<const std::uint8_t> bytes) {
  if (const auto place = find(start, bytes.size())) place->device.write(place->offset, bytes);
}

bool MemoryBus::catch_up() {
  bool done = true;
  for (const Range& range : ranges_) done = range.device->catch_up() && done;
  return done;
}

void MemoryBus::reset() {
  for (const Range& range : ranges_) range.device->reset();
}

}  // namespace gdbvm
