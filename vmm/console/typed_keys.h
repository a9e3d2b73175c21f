// What is typed on a terminal as keys of the guest's keyboard.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vmm/devices/ps2/key_names.h"

namespace gdbvm {

// `typed` is what came at once: an escape sequence in it is one key (ECMA-48's, as xterm and Linux's console send
// them), and an Escape that nothing follows is that key. What no key of a US keyboard types is left out.
std::vector<ps2::KeyEvent> keys_of(std::span<const std::uint8_t> typed);

}  // namespace gdbvm
