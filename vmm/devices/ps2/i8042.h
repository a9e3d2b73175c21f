// The PC's keyboard controller, an Intel 8042, with a keyboard and a mouse (IBM PS/2 Technical Reference, "Keyboard and
// Auxiliary Device Controller").
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>

#include "vmm/devices/bus.h"
#include "vmm/devices/ps2/key_names.h"
#include "vmm/devices/ps2/keyboard.h"
#include "vmm/devices/ps2/mouse.h"
#include "vmm/devices/state.h"
#include "vmm/devices/timer.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// Commands, and the answers to them, take no time: a guest that polls never waits. What people do comes a byte at a
// time and as slowly as over a PS/2 cable, so that a guest may read a byte twice. A20 is remembered and without effect.
//
// From power-on it is as firmware leaves it, since most guests come without one: keys are sent, translated to set 1,
// and interrupt; the mouse is off. Attach the data port at offset 0 and the command port at offset 4.
class I8042 final : public PortDevice {
 public:
  static constexpr std::uint16_t data_port = x86::wiring::keyboard_data_port,
                                 command_port = x86::wiring::keyboard_command_port,
                                 command_offset = command_port - data_port;
  static constexpr unsigned keyboard_irq = x86::wiring::keyboard_irq, mouse_irq = x86::wiring::mouse_irq;
  static constexpr std::chrono::milliseconds byte_time{1};

  // `timer` calls timer_expired(), and `clock` is what it counts. The lines are called under the device's lock, the
  // others without it.
  struct Wiring {
    std::function<void(bool level)> keyboard_line, mouse_line;
    std::function<void()> reset_machine;
    Timer& timer;
    std::function<std::chrono::nanoseconds()> clock;
  };
  explicit I8042(Wiring wiring);

  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  // What is typed and not yet pressed stays.
  void reset() override;
  void timer_expired();
  static constexpr std::uint32_t state_version = 1;
  // Without what is typed and not yet pressed.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

  // ---- for people. From any thread, while no vCPU is in the guest: it would not come out for the timer that is set.
  // Pressed now, or after what is typed; what the guest does not take is lost, as with a keyboard.
  void press(std::span<const ps2::KeyEvent> events);
  // Pressed as the guest takes it; none is lost.
  void type(std::span<const ps2::KeyEvent> events);
  void move_mouse(int right, int up, int wheel, std::uint8_t buttons);
  std::uint8_t leds() const;

 private:
  enum class Source : std::uint8_t { Controller, Keyboard, Mouse };
  struct State {
    std::int64_t due;                  // when the next byte of what people do may come; nanoseconds of the clock
    std::array<std::uint8_t, 32> ram;  // the first byte is the command byte
    std::uint8_t data;                 // what the data port has, or had last
    std::uint8_t argued_by;            // the command whose argument is awaited; 0: none
    std::uint8_t answer;               // of the controller's own
    std::uint8_t output_port;
    // Yes or no:
    std::uint8_t full, of_mouse, has_answer, answer_of_mouse, command_was_last, keyboard_level, mouse_level;
    std::array<std::uint8_t, 5> unused;
  };
  static_assert(PlainState<State>);
  static State power_on();

  // All of these need mutex_.
  std::uint8_t read_data();
  std::uint8_t status() const;
  // true: the machine is to be reset.
  bool take_command(std::uint8_t command);
  bool take_data(std::uint8_t byte);
  bool set_output_port(std::uint8_t value);
  std::optional<std::uint8_t> answer_to(std::uint8_t command) const;
  void answer(std::uint8_t byte, Source source);
  bool keyboard_on() const;
  bool mouse_on() const;
  void press_typed();
  void fill();
  void put_of_keyboard();
  void put(std::uint8_t byte, Source source);
  void drive_lines();
  void go_on();
  void look_soon();

  const Wiring wiring_;
  mutable std::mutex mutex_;
  State state_ = power_on();
  ps2::Keyboard keyboard_;
  ps2::Mouse mouse_;
  std::deque<ps2::KeyEvent> typed_;
};

}  // namespace gdbvm
