// A PS/2 keyboard with 102 keys (IBM PS/2 Technical Reference, "101- and 102-Key Keyboards").
#pragma once

#include <cstdint>

#include "vmm/devices/ps2/output.h"
#include "vmm/devices/ps2/scan_codes.h"

namespace gdbvm::ps2 {

// Pure: no lock, no thread and no time. Keys do not repeat by themselves: whoever presses one does it again. The repeat
// rate and set 3 are not there; the rate is taken, and set 3 refused.
class Keyboard final {
 public:
  enum Led : std::uint8_t { ScrollLock = 1, NumLock = 2, CapsLock = 4 };

  Keyboard() { reset(); }
  // Keys are sent, in set 2.
  void reset();

  // From the controller: a command, or what belongs to one.
  void write(std::uint8_t byte);
  // Of keys that have no room in the buffer of 16 bytes the guest is told by an overrun code.
  void key(Key key, Stroke stroke);
  // false: keys are ignored.
  bool scanning() const { return state_.scanning; }
  std::uint8_t leds() const { return state_.leds; }

  Output& output() { return output_; }
  const Output& output() const { return output_; }

  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  struct State {
    std::uint8_t set, leds;
    std::uint8_t scanning;   // yes or no
    std::uint8_t argued_by;  // the command whose argument is awaited; 0: none
  };
  static_assert(PlainState<State>);
  void take_command(std::uint8_t command);
  void take_argument(std::uint8_t command, std::uint8_t argument);
  ScanCodeSet set() const { return state_.set == 1 ? ScanCodeSet::One : ScanCodeSet::Two; }

  State state_{};
  Output output_;
};

}  // namespace gdbvm::ps2
