// The codes that a keyboard sends for its keys, in two sets, and the controller's translation from one to the other.
#pragma once

#include <cstdint>
#include <vector>

namespace gdbvm::ps2 {

// A key, by its make code in set 1; the upper byte is a prefix, 0xe0 or 0xe1. Pause, alone, has the latter.
struct Key {
  std::uint16_t code;
  bool operator==(const Key&) const = default;
};
inline constexpr Key print_screen{0xe037}, pause{0xe11d};

enum class ScanCodeSet : std::uint8_t { One = 1, Two = 2 };
enum class Stroke : std::uint8_t { Press, Release };

// Of the release of Pause there are none.
std::vector<std::uint8_t> scan_codes(Key key, Stroke stroke, ScanCodeSet set);

// What the controller makes of a keyboard's byte that is not set 2's release prefix: of set 2's code, set 1's.
std::uint8_t translated(std::uint8_t byte);
inline constexpr std::uint8_t release_prefix = 0xf0;  // in set 2
inline constexpr std::uint8_t released = 0x80;        // the bit in set 1

}  // namespace gdbvm::ps2
