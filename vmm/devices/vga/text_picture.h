// Text as a picture: the characters in the font that the guest has loaded, or in a VGA's own.
#pragma once

#include "vmm/devices/vga/picture.h"
#include "vmm/devices/vga/registers.h"
#include "vmm/devices/vga/text_screen.h"

namespace gdbvm::vga {

// What blinks is seen, or not.
struct Blink {
  bool cursor = true, characters = true;
};

// Fonts are in plane 2 of a VGA's memory. Here all planes are one, and text lies elsewhere: what was written at 0xa0000
// is taken for the font while there is something in it.
Picture draw_text(const TextScreen& screen, const Registers& registers, const GuestMemory& memory, Blink blink = {});

}  // namespace gdbvm::vga
