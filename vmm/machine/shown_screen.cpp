#include "vmm/machine/shown_screen.h"

#include "vmm/devices/vga/graphics_picture.h"
#include "vmm/devices/vga/linear_display.h"
#include "vmm/devices/vga/vga.h"
#include "vmm/machine/chipset.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

namespace {

constexpr const char* planes = "the display is in a mode of 16 colours, whose planes gdbvm does not have";

std::optional<vga::LinearMode> linear_mode(const Chipset& chipset) {
  return chipset.linear_display ? chipset.linear_display->mode() : std::nullopt;
}

}  // namespace

std::optional<vga::TextScreen> shown_text(const Chipset& chipset, const GuestMemory& memory) {
  if (linear_mode(chipset)) return std::nullopt;
  return vga::read_text(chipset.display->registers(), memory);
}

std::expected<vga::Picture, std::string> shown_picture(const Chipset& chipset, const GuestMemory& memory,
                                                       vga::Blink blink) {
  const vga::Registers registers = chipset.display->registers();
  std::optional<vga::Picture> graphics;
  if (const auto mode = linear_mode(chipset)) {
    graphics = vga::draw_linear(*mode, registers, memory);
  } else {
    if (!vga::is_shown(registers)) return std::unexpected("the screen is switched off");
    if (const auto text = vga::read_text(registers, memory)) return vga::draw_text(*text, registers, memory, blink);
    graphics = vga::draw_bytes(registers, memory);
  }
  if (!graphics) return std::unexpected(planes);
  return std::move(*graphics);
}

}  // namespace gdbvm
