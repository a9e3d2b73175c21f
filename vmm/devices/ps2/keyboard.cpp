// The keyboard's commands.
#include "vmm/devices/ps2/keyboard.h"

#include <utility>

#include "vmm/devices/ps2/device_commands.h"

namespace gdbvm::ps2 {

namespace {

enum KeyboardCommand : std::uint8_t {
  set_leds = 0xed,  // the first of them
  echo = 0xee,
  choose_set = 0xf0,
};
constexpr std::uint8_t overrun_in_set_1 = 0xff, overrun_in_set_2 = 0x00;

}  // namespace

void Keyboard::reset() {
  state_ = {.set = 2, .leds = 0, .scanning = 1, .argued_by = 0};
  output_ = {};
}

// A command takes the place of an argument that another one waits for.
void Keyboard::write(std::uint8_t byte) {
  const std::uint8_t command = std::exchange(state_.argued_by, std::uint8_t{0});
  if (command && byte < set_leds) return take_argument(command, byte);
  take_command(byte);
}

void Keyboard::take_command(std::uint8_t command) {
  switch (command) {
    case set_leds:
    case choose_set:
    case set_rate:
      state_.argued_by = command;
      return output_.answer({acknowledge});
    case echo:
      return output_.answer({echo});
    case identify:
      return output_.answer({acknowledge, 0xab, 0x83});
    case enable:
    case disable:
      state_.scanning = command == enable;
      output_.drop_data();
      return output_.answer({acknowledge});
    case set_defaults:
      reset();
      return output_.answer({acknowledge});
    case resend:
      return output_.answer_again();
    case reset_command:
      reset();
      return output_.answer({acknowledge, test_passed});
    default:
      return output_.answer({refuse});
  }
}

void Keyboard::take_argument(std::uint8_t command, std::uint8_t argument) {
  if (command == set_leds) state_.leds = argument & (ScrollLock | NumLock | CapsLock);
  if (command != choose_set) return output_.answer({acknowledge});
  if (argument == 0) return output_.answer({acknowledge, static_cast<std::uint8_t>(set())});
  if (argument > 2) return output_.answer({refuse});
  state_.set = argument;
  output_.drop_data();
  output_.answer({acknowledge});
}

void Keyboard::key(Key key, Stroke stroke) {
  if (!scanning()) return;
  if (output_.put(scan_codes(key, stroke, set()))) return;
  output_.put_overrun(set() == ScanCodeSet::One ? overrun_in_set_1 : overrun_in_set_2);
}

void Keyboard::save(StateWriter& to) const {
  to.put(state_);
  output_.save(to);
}

void Keyboard::restore(StateReader& from) {
  const auto state = from.get<State>();
  output_.restore(from);
  state_ = state;
}

}  // namespace gdbvm::ps2
