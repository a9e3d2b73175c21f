// The int3 bytes that stand in guest memory, and the guest's own bytes beneath them.
#include "vmm/debug/guest/software_breakpoints.h"

#include <algorithm>
#include <utility>

namespace gdbvm {

namespace {
std::uint8_t* byte_at(const GuestMemory& memory, Gpa address) {
  return reinterpret_cast<std::uint8_t*>(memory.at(address, 1));
}
}  // namespace

bool SoftwareBreakpoints::plant(Gpa address) {
  std::uint8_t* byte = byte_at(memory_, address);
  if (!byte) return false;
  if (planted_.try_emplace(address, *byte).second) *byte = int3;
  return true;
}

void SoftwareBreakpoints::lift(Gpa address) {
  const auto found = planted_.find(address);
  if (found == planted_.end()) return;
  std::uint8_t* byte = byte_at(memory_, address);
  if (*byte == int3) *byte = found->second;
  planted_.erase(found);
}

void SoftwareBreakpoints::lift_all() {
  while (!planted_.empty()) lift(planted_.begin()->first);
}

void SoftwareBreakpoints::repair() {
  for (auto& [address, guest_byte] : planted_) {
    std::uint8_t* byte = byte_at(memory_, address);
    if (*byte == int3) continue;
    guest_byte = *byte;
    *byte = int3;
  }
}

bool SoftwareBreakpoints::any_within(Gpa start, std::size_t size) const {
  const auto first = planted_.lower_bound(start);
  return first != planted_.end() && first->first < start + size;
}

void SoftwareBreakpoints::hide(Gpa start, std::span<std::uint8_t> copy) const {
  const auto end = planted_.lower_bound(start + copy.size());
  const std::lock_guard lock(beneath_);
  for (auto it = planted_.lower_bound(start); it != end; ++it) {
    std::uint8_t& byte = copy[it->first - start];
    if (byte == int3) byte = it->second;
  }
}

void SoftwareBreakpoints::replant(Gpa start, std::uint64_t size) {
  const std::lock_guard lock(beneath_);
  for (auto it = planted_.lower_bound(start); it != planted_.end() && it->first < start + size; ++it) {
    std::uint8_t* byte = byte_at(memory_, it->first);
    it->second = std::exchange(*byte, int3);
  }
}

bool SoftwareBreakpoints::write(Gpa start, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(beneath_);
  if (!memory_.write(start, bytes)) return false;
  const auto end = planted_.lower_bound(start + bytes.size());
  for (auto it = planted_.lower_bound(start); it != end; ++it) {
    it->second = bytes[it->first - start];
    *byte_at(memory_, it->first) = int3;
  }
  return true;
}

}  // namespace gdbvm
