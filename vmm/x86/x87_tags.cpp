// Tags are worked out from what the registers hold, as FNSTENV does.
#include "vmm/x86/x87_tags.h"

#include <cstring>

namespace gdbvm::x86 {

namespace {
enum Tag : std::uint16_t { Valid = 0, Zero = 1, Special = 2, Empty = 3 };

Tag tag_of(const std::uint8_t* st) {
  std::uint64_t significand;
  std::uint16_t sign_exponent;
  std::memcpy(&significand, st, sizeof significand);
  std::memcpy(&sign_exponent, st + 8, sizeof sign_exponent);
  const unsigned exponent = sign_exponent & 0x7fff;
  if (exponent == 0 && significand == 0) return Zero;
  const bool normal = exponent != 0 && exponent != 0x7fff && significand >> 63;
  return normal ? Valid : Special;
}
}  // namespace

// The area holds ST(0) first; tags belong to the physical registers, which TOP rotates.
std::uint16_t full_tag_word(std::span<const std::uint8_t> fxsave) {
  const unsigned top = fxsave[3] >> 3 & 7;
  const std::uint8_t in_use = fxsave[4];
  std::uint16_t full = 0;
  for (unsigned physical = 0; physical < 8; ++physical) {
    const unsigned st = (physical - top) & 7;
    const Tag tag = in_use >> physical & 1 ? tag_of(&fxsave[32 + 16 * st]) : Empty;
    full = static_cast<std::uint16_t>(full | tag << 2 * physical);
  }
  return full;
}

std::uint8_t abridged_tag_word(std::uint16_t full) {
  std::uint8_t abridged = 0;
  for (unsigned physical = 0; physical < 8; ++physical)
    if ((full >> 2 * physical & 3) != Empty) abridged = static_cast<std::uint8_t>(abridged | 1u << physical);
  return abridged;
}

}  // namespace gdbvm::x86
