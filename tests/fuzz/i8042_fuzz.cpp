// Any writes, reads, keys, moves and times for the keyboard controller, and any bytes in its state. Another one,
// restored from what this one saved, takes each step alike.
#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/ps2/i8042.h"

using namespace gdbvm;

namespace {

struct NoTimer final : Timer {
  void set(std::optional<std::chrono::nanoseconds> delay) override { require(!delay || *delay <= I8042::byte_time); }
};

struct Controller {
  std::chrono::nanoseconds now{0};
  NoTimer timer;
  bool keyboard_line = false, mouse_line = false;
  I8042 chip{{.keyboard_line = [this](bool level) { keyboard_line = level; },
              .mouse_line = [this](bool level) { mouse_line = level; },
              .reset_machine = [] {},
              .timer = timer,
              .clock = [this] { return now; }}};
};

struct Step {
  std::uint8_t what, value, more;
};

// What a guest sees of it.
std::uint8_t take(Controller& controller, const Step& step) {
  I8042& chip = controller.chip;
  std::uint8_t value = step.value;
  const std::uint16_t offset = step.more & 1 ? I8042::command_offset : 0;
  switch (step.what % 8) {
    case 0:
    case 1:
      chip.write(offset, std::span(&value, 1));
      return 0;
    case 2:
    case 3:
      chip.read(offset, std::span(&value, 1));
      return value;
    case 4:
      chip.timer_expired();
      return chip.leds();
    case 5: {
      const ps2::Key key{static_cast<std::uint16_t>(step.value | (step.more & 4 ? 0xe000 : 0))};
      const ps2::KeyEvent event{key, step.more & 2 ? ps2::Stroke::Press : ps2::Stroke::Release};
      chip.press(std::span(&event, 1));
      return 0;
    }
    case 6:
      chip.move_mouse(static_cast<std::int8_t>(step.value) * (1 << step.more % 24), -step.value, step.more, step.value);
      return 0;
    default:
      controller.now += std::chrono::microseconds(step.value * 16);
      return 0;
  }
}

// A guest that takes what there is comes to an end.
void check_end(Controller& controller) {
  for (int i = 0; i < 1 << 20; ++i) {
    std::uint8_t value = 0;
    controller.chip.read(I8042::command_offset, std::span(&value, 1));
    if (!(value & 1)) return;
    controller.chip.read(0, std::span(&value, 1));
    controller.now += I8042::byte_time;
  }
  require(false);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Input input({bytes, size});
  Controller controller;
  const bool genuine = input.get<std::uint8_t>() % 2 == 0;
  while (!input.empty()) {
    if (!genuine) restore(controller.chip, input);
    const auto step = input.get<Step>();
    const auto state = saved(controller.chip);
    Controller twin;
    twin.now = controller.now;
    StateReader reader(state);
    twin.chip.restore(reader);
    require(reader.empty() && saved(twin.chip) == state);
    require(take(controller, step) == take(twin, step));
    require(saved(controller.chip) == saved(twin.chip));
  }
  check_end(controller);
  return 0;
}
