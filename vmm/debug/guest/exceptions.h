// The guest's exceptions in words and as GDB's signals.
#pragma once

#include <cstdint>
#include <string>

#include "gdbstub/types.h"
#include "vmm/debug/guest/guest_view.h"

namespace gdbvm {

gdbstub::Signal signal_of_exception(std::uint8_t vector);

// One sentence for a CPU that stands at the entry of the vector's handler: what came, with which error code, from
// where.
std::string describe_exception(const GuestView& view, Vcpu& vcpu, std::uint8_t vector);

}  // namespace gdbvm
