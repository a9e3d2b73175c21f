#include "vmm/devices/bus.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace gdbvm {

namespace {
constexpr std::uint32_t port_space = 0x10000;

// A broken invariant of our own set-up, checked in release builds too.
void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "gdbvm: bus: %s\n", what);
  std::abort();
}
}  // namespace

void PortDevice::write_string(std::uint16_t offset, unsigned size, std::span<const std::uint8_t> bytes) {
  for (; bytes.size() >= size; bytes = bytes.subspan(size)) write(offset, bytes.first(size));
}

void Bus::attach(std::uint16_t first_port, std::uint16_t count, PortDevice& device, std::uint16_t first_offset) {
  require(count > 0 && std::uint32_t{first_port} + count <= port_space, "a range outside the port space");
  const auto next = std::ranges::upper_bound(ranges_, first_port, {}, &Range::first);
  require(next == ranges_.end() || first_port + count <= next->first, "ranges overlap");
  require(next == ranges_.begin() || std::prev(next)->first + std::prev(next)->count <= first_port, "ranges overlap");
  ranges_.insert(next, {first_port, count, &device, first_offset});
}

void Bus::attach_movable(const std::atomic<std::uint16_t>& first, std::uint16_t count, PortDevice& device,
                         std::uint16_t first_offset) {
  movables_.push_back({&first, count, &device, first_offset});
}

std::optional<Bus::Range> Bus::find(std::uint32_t port) const {
  const auto next = std::ranges::upper_bound(ranges_, port, {}, &Range::first);
  if (next != ranges_.begin()) {
    const Range& range = *std::prev(next);
    if (port - range.first < range.count) return range;
  }
  for (const Movable& movable : movables_) {
    const std::uint16_t first = *movable.first;
    if (first != 0 && port >= first && port - first < movable.count) {
      return Range{first, movable.count, movable.device, movable.first_offset};
    }
  }
  return std::nullopt;
}

std::optional<Bus::Range> Bus::whole(std::uint16_t port, std::size_t size) const {
  const auto range = find(port);
  const bool fits =
      range && size <= range->device->width() && port + size <= std::uint32_t{range->first} + range->count;
  return fits ? range : std::nullopt;
}

bool Bus::claimed(std::uint16_t port, std::size_t size) const {
  for (std::size_t i = 0; i < size; ++i) {
    if (find(static_cast<std::uint32_t>(port + i))) return true;
  }
  return false;
}

void Bus::read_one(std::uint16_t port, std::span<std::uint8_t> out) {
  if (const auto range = whole(port, out.size())) return range->device->read(range->offset(port), out);
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    out[i] = 0xff;
    if (const auto range = find(port + i)) range->device->read(range->offset(port + i), out.subspan(i, 1));
  }
}

void Bus::write_one(std::uint16_t port, std::span<const std::uint8_t> bytes) {
  if (const auto range = whole(port, bytes.size())) return range->device->write(range->offset(port), bytes);
  for (std::uint32_t i = 0; i < bytes.size(); ++i) {
    if (const auto range = find(port + i)) range->device->write(range->offset(port + i), bytes.subspan(i, 1));
  }
}

void Bus::finish(const PortAccess& access) {
  if (!access.claimed) {
    const std::lock_guard lock(mutex_);
    unclaimed_[access.port] += access.bytes.size() / access.size;
  }
  if (trace_) trace_(access);
}

void Bus::read(std::uint16_t port, std::span<std::uint8_t> out) {
  read_string(port, static_cast<unsigned>(out.size()), out);
}
void Bus::write(std::uint16_t port, std::span<const std::uint8_t> bytes) {
  write_string(port, static_cast<unsigned>(bytes.size()), bytes);
}

void Bus::read_string(std::uint16_t port, unsigned size, std::span<std::uint8_t> out) {
  if (size == 0 || out.empty()) return;
  for (auto rest = out; rest.size() >= size; rest = rest.subspan(size)) read_one(port, rest.first(size));
  finish({PortAccess::Direction::In, port, size, out, claimed(port, size)});
}

void Bus::write_string(std::uint16_t port, unsigned size, std::span<const std::uint8_t> bytes) {
  if (size == 0 || bytes.empty()) return;
  if (const auto range = whole(port, size)) {
    range->device->write_string(range->offset(port), size, bytes);
  } else {
    for (auto rest = bytes; rest.size() >= size; rest = rest.subspan(size)) write_one(port, rest.first(size));
  }
  finish({PortAccess::Direction::Out, port, size, bytes, claimed(port, size)});
}

void Bus::reset() {
  // A device at several ranges is reset once for each; reset is idempotent.
  for (const Range& range : ranges_) range.device->reset();
  for (const Movable& movable : movables_) movable.device->reset();
}

std::map<std::uint16_t, std::uint64_t> Bus::unclaimed() const {
  const std::lock_guard lock(mutex_);
  return unclaimed_;
}

}  // namespace gdbvm
