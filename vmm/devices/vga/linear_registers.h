// The registers of Bochs's display interface (VBE DISPI, as QEMU's standard VGA has it): a linear framebuffer of any
// size and depth.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "vmm/devices/state.h"

namespace gdbvm::vga {

namespace linear {
enum Index : std::uint16_t {
  id,
  width,
  height,
  depth,
  enable,
  bank,
  virtual_width,
  virtual_height,
  x_offset,
  y_offset,
  count,              // of those that can be written
  memory_64k = count  // reads the memory's size in units of 64 KiB
};
// Bits of `enable`.
inline constexpr std::uint16_t enabled = 1, capabilities = 2, no_clear = 0x80;
inline constexpr std::uint16_t oldest_id = 0xb0c0, newest_id = 0xb0c5;
// What the size registers read while `capabilities` is set.
inline constexpr std::uint16_t most_width = 16000, most_height = 12000, most_depth = 32;
}  // namespace linear

struct LinearRegisters {
  std::uint16_t index;
  std::array<std::uint16_t, linear::count> values;
};
static_assert(PlainState<LinearRegisters>);

LinearRegisters linear_power_on();

// What is shown of the framebuffer.
struct LinearMode {
  unsigned width, height;
  unsigned depth;  // bits: 4 (in planes), 8, 15, 16, 24 or 32
  std::uint64_t start, bytes_per_row;
  bool operator==(const LinearMode&) const = default;
  unsigned bits_in_memory() const { return depth == 15 ? 16 : depth; }
};

// Numbers that cannot be, or for which there is not enough memory, become the nearest that can.
void correct(LinearRegisters& registers, std::uint64_t memory_size);
// nullopt: it is off, and the VGA's registers say what is shown. All of it lies in the memory, whatever the registers
// are.
std::optional<LinearMode> mode_of(const LinearRegisters& registers, std::uint64_t memory_size);

}  // namespace gdbvm::vga
