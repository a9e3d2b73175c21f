// Ctrl-A and the key after it, separated from what is typed for the guest.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace gdbvm {

namespace key {
struct Bytes {  // for the guest or the prompt, as they were typed
  std::vector<std::uint8_t> bytes;
  bool operator==(const Bytes&) const = default;
};
enum class Command { Quit, Monitor, Screen, Help };  // x, c, s, h or ?
}  // namespace key
using KeyEvent = std::variant<key::Bytes, key::Command>;

// Ctrl-A twice is one Ctrl-A; followed by a key without a meaning both are passed on, so that nothing typed is lost.
// The two keys may arrive in different calls.
class EscapeParser final {
 public:
  static constexpr std::uint8_t prefix = 1;

  std::vector<KeyEvent> feed(std::span<const std::uint8_t> typed);

 private:
  bool escaped_ = false;  // the last byte was the prefix
};

}  // namespace gdbvm
