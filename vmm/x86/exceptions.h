// The CPU's exceptions: vectors, names and error codes (SDM vol. 3, table 6-1; AMD's #HV, #VC and #SX: APM vol. 2,
// table 8-1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gdbvm::x86 {

// Vectors 0 to 31 belong to the CPU, the rest to interrupts.
inline constexpr std::uint8_t exception_count = 32;

namespace exception {
inline constexpr std::uint8_t divide_error = 0, debug = 1, nmi = 2, breakpoint = 3, overflow = 4, bound_range = 5,
                              invalid_opcode = 6, device_not_available = 7, double_fault = 8, invalid_tss = 10,
                              segment_not_present = 11, stack_fault = 12, general_protection = 13, page_fault = 14,
                              x87_error = 16, alignment_check = 17, machine_check = 18, simd_error = 19,
                              virtualization = 20, control_protection = 21, hypervisor_injection = 28,
                              vmm_communication = 29, security = 30;
}

constexpr bool pushes_error_code(std::uint8_t vector) {
  using namespace exception;
  return vector == double_fault || (vector >= invalid_tss && vector <= page_fault) || vector == alignment_check ||
         vector == control_protection || vector == vmm_communication || vector == security;
}

// The error code of a fault that the IDT's entry for `vector` itself raised (SDM vol. 3, 6.13); EXT is clear, as for
// int n.
constexpr std::uint32_t idt_error_code(std::uint8_t vector) {
  constexpr std::uint32_t in_idt = 2;
  return std::uint32_t{vector} << 3 | in_idt;
}

// "#PF"; empty for a vector without a name.
std::string_view name_of_exception(std::uint8_t vector);
// By its name in any case, with or without the #.
std::optional<std::uint8_t> exception_named(std::string_view text);

}  // namespace gdbvm::x86
