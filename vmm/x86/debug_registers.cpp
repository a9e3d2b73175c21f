// Handing out four registers, and cutting ranges to what they can hold.
#include "vmm/x86/debug_registers.h"

#include <algorithm>

namespace gdbvm::x86 {

std::optional<std::vector<DebugWatch>> split_watch(std::uint64_t address, std::uint64_t length, DebugKind kind,
                                                   unsigned max_pieces) {
  std::vector<DebugWatch> pieces;
  if (length == 0) return pieces;
  const std::uint64_t to_the_end = 0 - address;  // 0: the whole address space
  std::uint64_t left = to_the_end == 0 ? length : std::min(length, to_the_end);
  while (left > 0) {
    if (pieces.size() == max_pieces) return std::nullopt;
    std::uint64_t size = kind == DebugKind::Execute ? 1 : 8;
    while (size > left || address % size != 0) size /= 2;
    pieces.push_back({address, static_cast<std::uint8_t>(size), kind});
    address += size;
    left -= size;
  }
  return pieces;
}

std::optional<unsigned> DebugRegisterFile::acquire(const DebugWatch& watch) {
  if (!is_encodable(watch)) return std::nullopt;
  std::optional<unsigned> free;
  for (unsigned n = 0; n < debug_register_count; ++n) {
    if (slots_[n] == watch) return n;
    if (!slots_[n] && !free) free = n;
  }
  if (free) slots_[*free] = watch;
  return free;
}

unsigned DebugRegisterFile::free_count() const {
  return static_cast<unsigned>(std::ranges::count_if(slots_, [](const auto& slot) { return !slot; }));
}

std::array<std::uint64_t, debug_register_count> DebugRegisterFile::addresses() const {
  std::array<std::uint64_t, debug_register_count> addresses{};
  for (unsigned n = 0; n < debug_register_count; ++n)
    if (slots_[n]) addresses[n] = slots_[n]->address;
  return addresses;
}

std::uint64_t DebugRegisterFile::dr7() const {
  std::uint64_t value = 0;
  for (unsigned n = 0; n < debug_register_count; ++n)
    if (slots_[n]) value |= dr7_bits(n, *slots_[n]);
  return value ? value | dr7::exact | dr7::fixed : 0;
}

}  // namespace gdbvm::x86
