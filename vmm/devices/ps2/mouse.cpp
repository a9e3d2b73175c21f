// The mouse's commands and packets.
#include "vmm/devices/ps2/mouse.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "vmm/devices/ps2/device_commands.h"

namespace gdbvm::ps2 {

namespace {

enum MouseCommand : std::uint8_t {
  scale_1_to_1 = 0xe6,
  scale_2_to_1 = 0xe7,
  set_resolution = 0xe8,
  get_status = 0xe9,
  stream_mode = 0xea,
  read_packet = 0xeb,
  leave_echo = 0xec,
  echo_mode = 0xee,
  remote_mode = 0xf0,
};
constexpr std::uint8_t plain_id = 0, wheel_id = 3;
// A packet's first byte, beside the buttons.
constexpr std::uint8_t always = 0x08, leftwards = 0x10, downwards = 0x20;
// Reported within one packet: nine bits with a sign.
constexpr std::int32_t most = 255, most_wheel = 7;
constexpr std::int32_t most_kept = 1 << 16;  // no more is kept of what nobody asks for

std::int32_t sum(std::int32_t value, int by) {
  return std::clamp(value + std::clamp(by, -most_kept, most_kept), -most_kept, most_kept);
}

std::int32_t take(std::int32_t& value, std::int32_t limit) {
  const std::int32_t taken = std::clamp(value, -limit, limit);
  value -= taken;
  return taken;
}

// Scaling 2:1 (IBM PS/2 Technical Reference, "Auxiliary Device").
std::int32_t doubled(std::int32_t value) {
  constexpr std::array<std::int32_t, 6> small{0, 1, 1, 3, 6, 9};
  const auto size = static_cast<std::size_t>(std::abs(value));
  const std::int32_t scaled = size < small.size() ? small[size] : static_cast<std::int32_t>(2 * size);
  return std::clamp(value < 0 ? -scaled : scaled, -most, most);
}

}  // namespace

void Mouse::reset() {
  state_ = {};
  state_.last_rates = {0, 0, 100};
  state_.resolution = 2;
  output_ = {};
}

void Mouse::forget() {
  state_.right = state_.up = state_.wheel = 0;
  state_.changed = 0;
  output_.drop_data();
}

void Mouse::write(std::uint8_t byte) {
  if (state_.echoing && byte != leave_echo && byte != reset_command) return output_.answer({byte});
  const std::uint8_t command = std::exchange(state_.argued_by, std::uint8_t{0});
  if (command) return take_argument(command, byte);
  take_command(byte);
}

void Mouse::take_command(std::uint8_t command) {
  switch (command) {
    case scale_1_to_1:
    case scale_2_to_1:
      state_.scaled = command == scale_2_to_1;
      break;
    case set_resolution:
    case set_rate:
      state_.argued_by = command;
      break;
    case get_status:
      return answer_status();
    case stream_mode:
    case remote_mode:
      state_.remote = command == remote_mode;
      forget();
      break;
    case read_packet:
      return answer_packet();
    case leave_echo:
    case echo_mode:
      state_.echoing = command == echo_mode;
      break;
    case identify:
      return output_.answer({acknowledge, state_.has_wheel ? wheel_id : plain_id});
    case enable:
    case disable:
      state_.reporting = command == enable;
      forget();
      break;
    case set_defaults: {
      const std::uint8_t has_wheel = state_.has_wheel;
      reset();
      state_.has_wheel = has_wheel;
      break;
    }
    case resend:
      return output_.answer_again();
    case reset_command:
      reset();
      return output_.answer({acknowledge, test_passed, plain_id});
    default:
      return output_.answer({refuse});
  }
  output_.answer({acknowledge});
}

// Three rates in a row, 200, 100 and 80, tell the mouse that the driver knows of wheels.
void Mouse::take_argument(std::uint8_t command, std::uint8_t argument) {
  if (command == set_resolution) {
    state_.resolution = argument & 3;
  } else {
    auto& rates = state_.last_rates;
    rates = {rates[1], rates[2], argument};
    if (rates == std::array<std::uint8_t, 3>{200, 100, 80}) state_.has_wheel = 1;
  }
  output_.answer({acknowledge});
}

void Mouse::answer_status() {
  constexpr unsigned remote = 0x40, reporting = 0x20, scaled = 0x10, left = 4, right = 1, middle = 2;
  const unsigned flags = (state_.remote ? remote : 0) | (state_.reporting ? reporting : 0) |
                         (state_.scaled ? scaled : 0) | (state_.buttons & Left ? left : 0) |
                         (state_.buttons & Middle ? middle : 0) | (state_.buttons & Right ? right : 0);
  output_.answer({acknowledge, static_cast<std::uint8_t>(flags), state_.resolution, state_.last_rates[2]});
}

void Mouse::answer_packet() {
  const Packet packet = take_packet();
  const auto& b = packet.bytes;
  if (packet.size == b.size()) return output_.answer({acknowledge, b[0], b[1], b[2], b[3]});
  output_.answer({acknowledge, b[0], b[1], b[2]});
}

Mouse::Packet Mouse::take_packet() {
  State& s = state_;
  const auto scaled = [&](std::int32_t value) { return s.scaled && !s.remote ? doubled(value) : value; };
  const std::int32_t right = scaled(take(s.right, most)), up = scaled(take(s.up, most));
  const std::int32_t wheel = take(s.wheel, most_wheel);
  s.changed = 0;
  const unsigned first = always | (s.buttons & 7u) | (right < 0 ? leftwards : 0u) | (up < 0 ? downwards : 0u);
  return {{static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(right), static_cast<std::uint8_t>(up),
           static_cast<std::uint8_t>(wheel)},
          s.has_wheel ? 4u : 3u};
}

void Mouse::move(int right, int up, int wheel, std::uint8_t buttons) {
  State& s = state_;
  const auto before = std::exchange(s.buttons, static_cast<std::uint8_t>(buttons & 7));
  if (s.buttons != before) s.changed = 1;
  s.right = sum(s.right, right);
  s.up = sum(s.up, up);
  if (s.has_wheel) s.wheel = sum(s.wheel, wheel);
  go_on();
}

void Mouse::go_on() {
  const bool news = state_.changed || state_.right || state_.up || state_.wheel;
  if (!news || !state_.reporting || state_.remote || state_.echoing || output_.has_data()) return;
  const Packet packet = take_packet();
  (void)output_.put(std::span(packet.bytes).first(packet.size));  // there is room: it is empty
}

void Mouse::save(StateWriter& to) const {
  to.put(state_);
  output_.save(to);
}

void Mouse::restore(StateReader& from) {
  State state = from.get<State>();
  output_.restore(from);
  for (std::int32_t* moved : {&state.right, &state.up, &state.wheel}) *moved = sum(*moved, 0);
  state_ = state;
}

}  // namespace gdbvm::ps2
