// A PS/2 mouse with three buttons and, once a driver has asked for it, a wheel (IntelliMouse).
#pragma once

#include <array>
#include <cstdint>

#include "vmm/devices/ps2/output.h"

namespace gdbvm::ps2 {

// Pure: no lock, no thread and no time. What moves while the last packet has not been taken adds up, and goes into the
// next one; the sample rate is remembered, and without another effect than the wheel's.
class Mouse final {
 public:
  enum Button : std::uint8_t { Left = 1, Right = 2, Middle = 4 };

  Mouse() { reset(); }
  // Nothing is reported until the driver asks for it.
  void reset();

  // From the controller: a command, or what belongs to one.
  void write(std::uint8_t byte);
  // By that much to the right, up and towards the user (the wheel); `buttons` are those that are down now. What was
  // before the driver switched reporting on is forgotten then.
  void move(int right, int up, int wheel, std::uint8_t buttons);

  Output& output() { return output_; }
  const Output& output() const { return output_; }
  // The packet before has been taken: there may be another one.
  void go_on();

  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  struct State {
    std::int32_t right, up, wheel;  // not yet reported
    std::array<std::uint8_t, 3> last_rates;
    std::uint8_t resolution, argued_by, buttons;
    // Yes or no:
    std::uint8_t reporting, remote, echoing, scaled, has_wheel, changed;
  };
  static_assert(PlainState<State>);
  void take_command(std::uint8_t command);
  void take_argument(std::uint8_t command, std::uint8_t argument);
  void forget();
  void answer_status();
  void answer_packet();
  struct Packet {
    std::array<std::uint8_t, 4> bytes;
    std::size_t size;
  };
  Packet take_packet();

  State state_{};
  Output output_;
};

}  // namespace gdbvm::ps2
