// What the machine's display shows at the moment.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "vmm/devices/vga/picture.h"
#include "vmm/devices/vga/text_picture.h"
#include "vmm/devices/vga/text_screen.h"

namespace gdbvm {

struct Chipset;
class GuestMemory;

// The chipset has a display. Both read the guest's memory, whether it runs meanwhile or not.

// nullopt: it is in a graphics mode.
std::optional<vga::TextScreen> shown_text(const Chipset& chipset, const GuestMemory& memory);
// Fails with a sentence where there is no picture: it is switched off, or in a mode of which there is none.
std::expected<vga::Picture, std::string> shown_picture(const Chipset& chipset, const GuestMemory& memory,
                                                       vga::Blink blink = {});

}  // namespace gdbvm
