// The guest's exceptions in words and as GDB's signals (SDM vol. 3, table 6-1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gdbstub/types.h"
#include "vmm/debug/guest/guest_view.h"

namespace gdbvm {

inline constexpr std::uint8_t exception_count = 32;

// "#PF"; "exception" for vectors without a name.
std::string_view name_of_exception(std::uint8_t vector);
// A number, or a name with or without its #.
std::optional<std::uint8_t> parse_exception(std::string_view text);
gdbstub::Signal signal_of_exception(std::uint8_t vector);

// One sentence for a CPU that stands at the entry of the vector's handler: what came, with which error code, from
// where.
std::string describe_exception(const GuestView& view, Vcpu& vcpu, std::uint8_t vector);

}  // namespace gdbvm
