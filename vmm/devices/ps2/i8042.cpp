// The controller's commands, and whose byte the data port has.
#include "vmm/devices/ps2/i8042.h"

#include <algorithm>
#include <utility>

#include "vmm/devices/ps2/i8042_bits.h"

namespace gdbvm {

using namespace i8042;

namespace {

constexpr std::uint8_t controller_passed = 0x55, port_passed = 0x00, input_port = 0x80;

}  // namespace

I8042::I8042(Wiring wiring) : wiring_(std::move(wiring)) {}

I8042::State I8042::power_on() {
  using namespace command_byte;
  State state{};
  state.ram[0] = keyboard_interrupt | system | mouse_off | translate;
  state.output_port = output_bits::no_reset | output_bits::a20 | output_bits::idle_lines;
  state.command_was_last = 1;
  return state;
}

void I8042::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  go_on();  // its timer may be late
  out[0] = offset == command_offset ? status() : read_data();
}

std::uint8_t I8042::status() const {
  using namespace status_bits;
  return static_cast<std::uint8_t>(unlocked | (state_.full ? full : 0) | (state_.ram[0] & command_byte::system) |
                                   (state_.command_was_last ? command : 0) |
                                   (state_.full && state_.of_mouse ? of_mouse : 0));
}

// The interrupt line falls before the next byte raises it.
std::uint8_t I8042::read_data() {
  const std::uint8_t value = state_.data;
  if (!std::exchange(state_.full, std::uint8_t{0})) return value;
  state_.due = (wiring_.clock() + byte_time).count();
  drive_lines();
  go_on();
  return value;
}

void I8042::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  bool reset = false;
  {
    const std::lock_guard lock(mutex_);
    state_.command_was_last = offset == command_offset;
    reset = offset == command_offset ? take_command(bytes[0]) : take_data(bytes[0]);
    go_on();
  }
  if (reset) wiring_.reset_machine();
}

bool I8042::take_command(std::uint8_t command) {
  using namespace command_byte;
  State& s = state_;
  s.argued_by = 0;
  if (command >= pulse) return !(command & output_bits::no_reset);
  const auto set = [](std::uint8_t& bits, unsigned bit, bool on) {
    bits = static_cast<std::uint8_t>(on ? bits | bit : bits & ~bit);
  };
  switch (command) {
    case disable_mouse:
    case enable_mouse:
      set(s.ram[0], mouse_off, command == disable_mouse);
      break;
    case disable_keyboard:
    case enable_keyboard:
      set(s.ram[0], keyboard_off, command == disable_keyboard);
      break;
    case a20_off:
    case a20_on:
      set(s.output_port, output_bits::a20, command == a20_on);
      break;
    case test_controller:
      s.ram[0] |= system;
      [[fallthrough]];
    default:
      if (has_argument(command)) s.argued_by = command;
      if (const auto value = answer_to(command)) answer(*value, Source::Controller);
  }
  return false;
}

// nullopt: none, on a PC too.
std::optional<std::uint8_t> I8042::answer_to(std::uint8_t command) const {
  const State& s = state_;
  if ((command & ~ram_mask) == read_ram) return s.ram[command & ram_mask];
  switch (command) {
    case test_controller:
      return controller_passed;
    case test_mouse_port:
    case test_keyboard_port:
      return port_passed;
    case read_input_port:
      return input_port;
    case read_output_port:
      if (!s.full) return s.output_port;
      return s.output_port | (s.of_mouse ? output_bits::mouse_full : output_bits::keyboard_full);
    default:
      return std::nullopt;
  }
}

// What is written to a device switches its interface on.
bool I8042::take_data(std::uint8_t byte) {
  State& s = state_;
  const std::uint8_t command = std::exchange(s.argued_by, std::uint8_t{0});
  if ((command & ~ram_mask) == write_ram) {
    s.ram[command & ram_mask] = byte;
    return false;
  }
  switch (command) {
    case write_output_port:
      return set_output_port(byte);
    case write_as_keyboard:
      answer(byte, Source::Keyboard);
      return false;
    case write_as_mouse:
      answer(byte, Source::Mouse);
      return false;
    case write_to_mouse:
      s.ram[0] &= static_cast<std::uint8_t>(~command_byte::mouse_off);
      mouse_.write(byte);
      return false;
    default:
      s.ram[0] &= static_cast<std::uint8_t>(~command_byte::keyboard_off);
      keyboard_.write(byte);
      return false;
  }
}

bool I8042::set_output_port(std::uint8_t value) {
  using namespace output_bits;
  state_.output_port = static_cast<std::uint8_t>((value & a20) | no_reset | idle_lines);
  return !(value & no_reset);
}

void I8042::answer(std::uint8_t byte, Source source) {
  state_.answer = byte;
  state_.has_answer = 1;
  state_.answer_of_mouse = source == Source::Mouse;
}

bool I8042::keyboard_on() const { return !(state_.ram[0] & command_byte::keyboard_off); }
bool I8042::mouse_on() const { return !(state_.ram[0] & command_byte::mouse_off); }

// One at a time, when the keyboard has sent all of the one before.
void I8042::press_typed() {
  while (!typed_.empty() && keyboard_on() && keyboard_.scanning() && !keyboard_.output().has_data()) {
    keyboard_.key(typed_.front().key, typed_.front().stroke);
    typed_.pop_front();
  }
}

void I8042::put(std::uint8_t byte, Source source) {
  state_.data = byte;
  state_.full = 1;
  state_.of_mouse = source == Source::Mouse;
}

// The prefix of a release and the code after it become one byte.
void I8042::put_of_keyboard() {
  ps2::Output& output = keyboard_.output();
  const bool is_key = !output.has_answer();
  std::uint8_t byte = output.take();
  if (!(state_.ram[0] & command_byte::translate)) return put(byte, Source::Keyboard);
  const bool releases = is_key && byte == ps2::release_prefix && output.has_data();
  if (releases) byte = output.take();
  put(static_cast<std::uint8_t>(ps2::translated(byte) | (releases ? ps2::released : 0)), Source::Keyboard);
}

void I8042::fill() {
  State& s = state_;
  if (s.full) return;
  if (std::exchange(s.has_answer, std::uint8_t{0})) {
    return put(s.answer, s.answer_of_mouse ? Source::Mouse : Source::Controller);
  }
  press_typed();
  mouse_.go_on();
  ps2::Output& moves = mouse_.output();
  if (keyboard_on() && keyboard_.output().has_answer()) return put_of_keyboard();
  if (mouse_on() && moves.has_answer()) return put(moves.take(), Source::Mouse);
  const bool keyed = keyboard_on() && keyboard_.output().has_data(), moved = mouse_on() && moves.has_data();
  if (!keyed && !moved) return;
  const std::chrono::nanoseconds left = std::chrono::nanoseconds(s.due) - wiring_.clock();
  if (left.count() > 0) return wiring_.timer.set(left);
  if (keyed) return put_of_keyboard();
  put(moves.take(), Source::Mouse);
}

void I8042::drive_lines() {
  State& s = state_;
  const bool keyboard = s.full && !s.of_mouse && s.ram[0] & command_byte::keyboard_interrupt;
  const bool mouse = s.full && s.of_mouse && s.ram[0] & command_byte::mouse_interrupt;
  if (std::exchange(s.keyboard_level, std::uint8_t{keyboard}) != keyboard) wiring_.keyboard_line(keyboard);
  if (std::exchange(s.mouse_level, std::uint8_t{mouse}) != mouse) wiring_.mouse_line(mouse);
}

void I8042::go_on() {
  fill();
  drive_lines();
}

void I8042::timer_expired() {
  const std::lock_guard lock(mutex_);
  go_on();
}

// Whether there is something to wait for or not.
void I8042::look_soon() { wiring_.timer.set(std::chrono::nanoseconds(0)); }

void I8042::press(std::span<const ps2::KeyEvent> events) {
  const std::lock_guard lock(mutex_);
  if (!typed_.empty()) {
    typed_.insert(typed_.end(), events.begin(), events.end());
  } else {
    for (const ps2::KeyEvent& event : events) keyboard_.key(event.key, event.stroke);
  }
  go_on();
}

void I8042::type(std::span<const ps2::KeyEvent> events) {
  const std::lock_guard lock(mutex_);
  typed_.insert(typed_.end(), events.begin(), events.end());
  go_on();
}

void I8042::move_mouse(int right, int up, int wheel, std::uint8_t buttons) {
  const std::lock_guard lock(mutex_);
  mouse_.move(right, up, wheel, buttons);
  go_on();
}

std::uint8_t I8042::leds() const {
  const std::lock_guard lock(mutex_);
  return keyboard_.leds();
}

void I8042::reset() {
  const std::lock_guard lock(mutex_);
  const State before = std::exchange(state_, power_on());
  state_.keyboard_level = before.keyboard_level;
  state_.mouse_level = before.mouse_level;
  keyboard_.reset();
  mouse_.reset();
  drive_lines();
  look_soon();
}

void I8042::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(state_);
  keyboard_.save(to);
  mouse_.save(to);
}

void I8042::restore(StateReader& from) {
  const auto state = from.get<State>();
  ps2::Keyboard keyboard;
  ps2::Mouse mouse;
  keyboard.restore(from);
  mouse.restore(from);
  const std::lock_guard lock(mutex_);
  state_ = state;
  state_.due = std::clamp(state.due, std::int64_t{0}, std::int64_t{(wiring_.clock() + byte_time).count()});
  keyboard_ = keyboard;
  mouse_ = mouse;
  look_soon();
}

}  // namespace gdbvm
