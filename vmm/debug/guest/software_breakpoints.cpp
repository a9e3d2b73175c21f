// The int3 bytes that stand in guest memory, and the guest's own bytes beneath them.
#include "vmm/debug/guest/software_breakpoints.h"

#include <algorithm>
#include <atomic>
#include <ranges>
#include <utility>

namespace gdbvm {

namespace {

std::uint8_t* byte_at(const GuestMemory& memory, Gpa address) {
  return reinterpret_cast<std::uint8_t*>(memory.at(address, 1));
}

template <class Bytes>
auto within(Bytes& bytes, Gpa start, std::uint64_t size) {
  return std::ranges::subrange(bytes.lower_bound(start), bytes.lower_bound(start + size));
}

}  // namespace

bool SoftwareBreakpoints::plant(Gpa address) {
  std::uint8_t* byte = byte_at(memory_, address);
  if (!byte) return false;
  const auto once = once_.find(address);
  const bool stands = once != once_.end() && !once->second.passed;
  if (planted_.try_emplace(address, stands ? once->second.byte : *byte).second) *byte = int3;
  return true;
}

void SoftwareBreakpoints::lift(Gpa address) {
  const auto found = planted_.find(address);
  if (found == planted_.end()) return;
  std::uint8_t* byte = byte_at(memory_, address);
  const auto once = once_.find(address);
  const bool stays = once != once_.end() && !once->second.passed;
  if (stays) once->second.byte = found->second;
  if (*byte == int3 && !stays) *byte = found->second;
  planted_.erase(found);
}

void SoftwareBreakpoints::lift_all() {
  while (!planted_.empty()) lift(planted_.begin()->first);
  lift_once();
}

void SoftwareBreakpoints::forget() {
  planted_.clear();
  once_.clear();
}

// ---- those that are passed once -------------------------------------------------------------------------------------

bool SoftwareBreakpoints::plant_once(Gpa address) {
  std::uint8_t* byte = byte_at(memory_, address);
  if (!byte) return false;
  const auto planted = planted_.find(address);
  const std::uint8_t own = planted == planted_.end() ? *byte : planted->second;
  if (own == int3) return false;
  once_.insert_or_assign(address, Once{own, false});
  *byte = int3;
  return true;
}

bool SoftwareBreakpoints::pass(Gpa address) {
  const auto found = once_.find(address);
  if (found == once_.end()) return false;
  const std::lock_guard lock(beneath_);
  if (std::exchange(found->second.passed, true)) return true;
  std::atomic_ref byte(*byte_at(memory_, address));
  if (!planted(address) && byte == int3) byte = found->second.byte;
  passed_.push_back(address);
  return true;
}

std::vector<Gpa> SoftwareBreakpoints::take_passed() {
  for (const Gpa address : passed_) once_.erase(address);
  return std::exchange(passed_, {});
}

bool SoftwareBreakpoints::repair_once() {
  bool any = false;
  for (auto& [address, once] : once_) {
    std::uint8_t* byte = byte_at(memory_, address);
    if (once.passed || *byte == int3 || planted(address)) continue;
    once.byte = std::exchange(*byte, int3);
    any = true;
  }
  return any;
}

void SoftwareBreakpoints::lift_once() {
  for (const auto& [address, once] : once_) {
    std::uint8_t* byte = byte_at(memory_, address);
    if (!once.passed && *byte == int3 && !planted(address)) *byte = once.byte;
  }
  once_.clear();
}

// ---- memory without them --------------------------------------------------------------------------------------------

void SoftwareBreakpoints::repair() {
  for (auto& [address, guest_byte] : planted_) {
    std::uint8_t* byte = byte_at(memory_, address);
    if (*byte == int3) continue;
    guest_byte = *byte;
    *byte = int3;
  }
}

bool SoftwareBreakpoints::any_within(Gpa start, std::size_t size) const {
  return !within(planted_, start, size).empty() || !within(once_, start, size).empty();
}

void SoftwareBreakpoints::hide(Gpa start, std::span<std::uint8_t> copy) const {
  const std::lock_guard lock(beneath_);
  for (const auto& [address, guest_byte] : within(planted_, start, copy.size())) {
    std::uint8_t& byte = copy[address - start];
    if (byte == int3) byte = guest_byte;
  }
  for (const auto& [address, once] : within(once_, start, copy.size())) {
    std::uint8_t& byte = copy[address - start];
    if (byte == int3) byte = once.byte;
  }
}

void SoftwareBreakpoints::replant(Gpa start, std::uint64_t size) {
  const std::lock_guard lock(beneath_);
  for (auto& [address, guest_byte] : within(planted_, start, size)) {
    guest_byte = std::exchange(*byte_at(memory_, address), int3);
  }
  for (auto& [address, once] : within(once_, start, size)) {
    if (!once.passed && !planted(address)) once.byte = std::exchange(*byte_at(memory_, address), int3);
  }
}

bool SoftwareBreakpoints::write(Gpa start, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(beneath_);
  if (!memory_.write(start, bytes)) return false;
  for (auto& [address, guest_byte] : within(planted_, start, bytes.size())) {
    guest_byte = bytes[address - start];
    *byte_at(memory_, address) = int3;
  }
  for (auto& [address, once] : within(once_, start, bytes.size())) {
    once.byte = bytes[address - start];
    if (!once.passed) *byte_at(memory_, address) = int3;
  }
  return true;
}

}  // namespace gdbvm
