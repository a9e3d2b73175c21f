// Pictures as PNG files (ISO/IEC 15948).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "vmm/devices/vga/picture.h"

namespace gdbvm::monitor {

// It says that gdbvm made it. Fails with a sentence.
std::expected<std::vector<std::uint8_t>, std::string> png_of(const vga::Picture& picture);

// As NewFile writes: only such a picture is replaced. Fails with a sentence that names the path.
std::expected<void, std::string> write_png(const std::string& path, const vga::Picture& picture);

}  // namespace gdbvm::monitor
