// Any writes, reads and times for a VGA and its linear display, and any bytes in their states: whatever the registers
// are, there is a screen of a size that can be shown, or none, and a picture of it or a reason why not. Others,
// restored from what these saved, take each step alike.
#include "tests/fuzz/foreign_state.h"
#include "vmm/devices/vga/graphics_picture.h"
#include "vmm/devices/vga/linear_display.h"
#include "vmm/devices/vga/text_picture.h"
#include "vmm/devices/vga/text_screen.h"
#include "vmm/devices/vga/vga.h"
#include "vmm/memory/guest_memory.h"

using namespace gdbvm;

namespace {

// Larger pictures would take all the time.
constexpr std::uint64_t framebuffer_size = 64 << 10;
constexpr std::size_t max_drawn_cells = 40;

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

std::uint16_t take(LinearDisplay& display, const Step& step) {
  auto value = static_cast<std::uint16_t>(step.value * (step.port & 0x80 ? 0x101 : 1));
  const std::span bytes(reinterpret_cast<std::uint8_t*>(&value), step.port & 0x40 ? 1 : sizeof value);
  const std::uint16_t offset = step.port % LinearDisplay::port_count;
  if (step.what & 1) {
    display.write(offset, bytes);
  } else {
    display.read(offset, bytes);
  }
  return value;
}

template <class Device>
void take_alike(Device& display, Device& twin, const Step& step) {
  const auto state = saved(display);
  StateReader reader(state);
  twin.restore(reader);
  require(reader.empty() && saved(twin) == state);
  require(take(display, step) == take(twin, step));
  require(saved(display) == saved(twin));
}

void check_picture(const vga::Picture& picture) {
  require(picture.width > 0 && picture.pixels.size() == std::size_t{picture.width} * picture.height);
}

void check_screen(const vga::Registers& registers, const GuestMemory& memory) {
  if (const auto picture = vga::draw_bytes(registers, memory)) check_picture(*picture);
  const auto screen = vga::read_text(registers, memory);
  if (!screen) return;
  require(screen->columns > 0 && screen->cells.size() == std::size_t{screen->columns} * screen->rows);
  require(!screen->cursor || (screen->cursor->row < screen->rows && screen->cursor->column < screen->columns));
  (void)vga::text_of(*screen);
  if (screen->cells.size() <= max_drawn_cells) check_picture(vga::draw_text(*screen, registers, memory));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static GuestMemory memory(1 << 20, {}, GuestMemory::Range{{0xfd000000}, framebuffer_size});
  Input input({bytes, size});
  std::chrono::nanoseconds now{0};
  Vga display([&] { return now; }), twin([&] { return now; });
  LinearDisplay linear(memory), linear_twin(memory);
  const bool genuine = input.get<std::uint8_t>() % 2 == 0;
  while (!input.empty()) {
    if (!genuine) restore(display, input);
    if (!genuine) restore(linear, input);
    const auto step = input.get<Step>();
    if (step.what & 2) {
      take_alike(linear, linear_twin, step);
    } else {
      take_alike(display, twin, step);
    }
    now += std::chrono::microseconds(step.what);
  }
  check_screen(display.registers(), memory);
  if (const auto mode = linear.mode()) {
    require(mode->start + mode->height * mode->bytes_per_row <= framebuffer_size);
    if (const auto picture = vga::draw_linear(*mode, display.registers(), memory)) check_picture(*picture);
  }
  return 0;
}
