// ISR, TMR and IRR of a local APIC's page: fields with one bit for each vector (SDM vol. 3, figure 11-20).
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm::local_apic {

inline std::uint32_t& vector_word(x86::LocalApicRegisters& page, unsigned field, std::uint8_t vector) {
  return page.words[(field + vector / 32u * 16) / 4];
}

inline void set_vector(x86::LocalApicRegisters& page, unsigned field, std::uint8_t vector) {
  vector_word(page, field, vector) |= 1u << vector % 32;
}

inline void clear_vector(x86::LocalApicRegisters& page, unsigned field, std::uint8_t vector) {
  vector_word(page, field, vector) &= ~(1u << vector % 32);
}

inline std::optional<std::uint8_t> highest_vector(const x86::LocalApicRegisters& page, unsigned field) {
  for (unsigned i = 8; i-- > 0;) {
    const std::uint32_t bits = page.at(field + i * 16);
    if (bits) return static_cast<std::uint8_t>(i * 32 + static_cast<unsigned>(std::bit_width(bits)) - 1);
  }
  return std::nullopt;
}

}  // namespace gdbvm::local_apic
