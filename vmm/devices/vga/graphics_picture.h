// Graphics modes as pictures.
#pragma once

#include <optional>

#include "vmm/devices/vga/linear_registers.h"
#include "vmm/devices/vga/picture.h"
#include "vmm/devices/vga/registers.h"

namespace gdbvm {

class GuestMemory;

namespace vga {

// 256 colours, a byte a pixel (mode 13h and what drivers make of it), each pixel once. nullopt: it is in another mode.
std::optional<Picture> draw_bytes(const Registers& registers, const GuestMemory& memory);
// From the framebuffer. nullopt: of 16 colours, whose planes are not there.
std::optional<Picture> draw_linear(const LinearMode& mode, const Registers& registers, const GuestMemory& memory);

}  // namespace vga
}  // namespace gdbvm
