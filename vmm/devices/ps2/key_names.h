// Keys as people name them, and the keys that type a text.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vmm/devices/ps2/scan_codes.h"

namespace gdbvm::ps2 {

struct KeyEvent {
  Key key;
  Stroke stroke;
  bool operator==(const KeyEvent&) const = default;
};

// "ctrl-alt-delete", "a", "0x1c": QEMU's names, or a code of set 1 (with the bit 0x80 for the prefix 0xe0), pressed in
// this order and released in the opposite one. Fails with a sentence.
std::expected<std::vector<KeyEvent>, std::string> parse_keys(std::string_view text);

// On a US keyboard; nullopt: no key of it types that character.
std::optional<std::vector<KeyEvent>> keys_typing(char character);

}  // namespace gdbvm::ps2
