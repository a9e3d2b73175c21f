// As QEMU's hw/display/vga.c corrects what is asked for: guests are tried on it.
#include "vmm/devices/vga/linear_registers.h"

#include <algorithm>

namespace gdbvm::vga {

using namespace linear;

namespace {

constexpr std::uint16_t eight(std::uint16_t pixels) { return static_cast<std::uint16_t>(pixels & ~7u); }

std::uint16_t possible_depth(std::uint16_t wanted) {
  constexpr std::uint16_t depths[] = {4, 8, 15, 16, 24, 32};
  constexpr std::uint16_t otherwise = 8;
  return std::ranges::find(depths, wanted) != std::end(depths) ? wanted : otherwise;
}

LinearMode mode_from(const LinearRegisters& r) {
  LinearMode mode{
      .width = r.values[width], .height = r.values[height], .depth = r.values[depth], .start = 0, .bytes_per_row = 0};
  const unsigned bits = mode.bits_in_memory();
  mode.bytes_per_row = std::uint64_t{r.values[virtual_width]} * bits / 8;
  mode.start = r.values[y_offset] * mode.bytes_per_row + std::uint64_t{r.values[x_offset]} * bits / 8;
  return mode;
}

}  // namespace

LinearRegisters linear_power_on() {
  LinearRegisters r{};
  r.values[id] = newest_id;
  return r;
}

void correct(LinearRegisters& r, std::uint64_t memory_size) {
  auto& v = r.values;
  v[depth] = possible_depth(v[depth]);
  v[width] = std::clamp(eight(v[width]), std::uint16_t{8}, most_width);
  v[virtual_width] = std::clamp(eight(v[virtual_width]), v[width], most_width);
  const std::uint64_t rows = memory_size / mode_from(r).bytes_per_row;
  const auto most_rows = static_cast<std::uint16_t>(std::min<std::uint64_t>(rows, most_height));
  v[height] = std::clamp(v[height], std::uint16_t{1}, most_rows);
  v[virtual_height] = static_cast<std::uint16_t>(std::min<std::uint64_t>(rows, UINT16_MAX));
  const auto fits = [&] {
    const LinearMode mode = mode_from(r);
    return mode.start + mode.height * mode.bytes_per_row <= memory_size;
  };
  if (!fits()) v[y_offset] = 0;
  if (!fits()) v[x_offset] = 0;
}

std::optional<LinearMode> mode_of(const LinearRegisters& registers, std::uint64_t memory_size) {
  if (!(registers.values[enable] & enabled)) return std::nullopt;
  LinearRegisters possible = registers;
  correct(possible, memory_size);
  return mode_from(possible);
}

}  // namespace gdbvm::vga
