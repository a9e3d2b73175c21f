// Keys as X and VNC clients name them.
#pragma once

#include <cstdint>
#include <optional>

#include "vmm/devices/ps2/scan_codes.h"

namespace gdbvm {

// The key of a US keyboard that has this symbol on it, with Shift or without; clients send Shift as a key of its own.
// nullopt: there is none.
std::optional<ps2::Key> key_of_keysym(std::uint32_t keysym);

}  // namespace gdbvm
