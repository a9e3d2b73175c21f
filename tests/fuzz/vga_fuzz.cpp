// Any writes, reads and times for a VGA, and any bytes in its state: whatever its registers are, there is a screen of a
// size that can be shown, or none. Another one, restored from what this one saved, takes each step alike.
#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/vga/text_screen.h"
#include "vmm/devices/vga/vga.h"
#include "vmm/memory/guest_memory.h"

using namespace gdbvm;

namespace {

struct Step {
  std::uint8_t what, port, value;
};

// What a guest sees of it.
std::uint8_t take(Vga& display, const Step& step) {
  std::uint8_t value = step.value;
  const auto port = static_cast<std::uint16_t>(0x3b0 + step.port % 0x30);
  if (step.what & 1) {
    display.write(port, std::span(&value, 1));
  } else {
    display.read(port, std::span(&value, 1));
  }
  return value;
}

void check_screen(const Vga& display, const GuestMemory& memory) {
  const auto screen = vga::read_text(display.registers(), memory);
  if (!screen) return;
  require(screen->columns > 0 && screen->cells.size() == std::size_t{screen->columns} * screen->rows);
  require(!screen->cursor || (screen->cursor->row < screen->rows && screen->cursor->column < screen->columns));
  (void)vga::text_of(*screen);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const GuestMemory memory(1 << 20);
  Input input({bytes, size});
  std::chrono::nanoseconds now{0};
  Vga display([&] { return now; });
  const bool genuine = input.get<std::uint8_t>() % 2 == 0;
  while (!input.empty()) {
    if (!genuine) restore(display, input);
    const auto step = input.get<Step>();
    const auto state = saved(display);
    Vga twin([&] { return now; });
    StateReader reader(state);
    twin.restore(reader);
    require(reader.empty() && saved(twin) == state);
    require(take(display, step) == take(twin, step));
    require(saved(display) == saved(twin));
    now += std::chrono::microseconds(step.what);
  }
  check_screen(display, memory);
  return 0;
}
