// The x87 tag word: two bits a register for programmers, one bit a register in the FXSAVE and XSAVE areas.
#pragma once

#include <cstdint>
#include <span>

namespace gdbvm::x86 {

// SDM vol. 1, 8.1.7 and 10.5.1.1. `fxsave` is the start of an XSAVE area, at least its first 160 bytes.
std::uint16_t full_tag_word(std::span<const std::uint8_t> fxsave);
// The byte that XSAVE keeps for it: empty or not.
std::uint8_t abridged_tag_word(std::uint16_t full);

}  // namespace gdbvm::x86
