#include "vmm/machine/interrupt_ports.h"

#include <algorithm>

#include "vmm/memory/little_endian.h"

namespace gdbvm {

namespace {
constexpr std::uint64_t register_size = sizeof(std::uint32_t);
}

void IoApicWindow::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::ranges::fill(out, std::uint8_t{0});
  const std::uint64_t first = offset % register_size;
  const std::uint32_t value = interrupts_.read_io_apic(static_cast<unsigned>(offset - first));
  for (std::size_t i = 0; i < out.size() && first + i < register_size; ++i) {
    out[i] = static_cast<std::uint8_t>(value >> 8 * (first + i));
  }
}

// A narrow write is one of the whole word, whose other bytes are zero: the index register's upper bytes are reserved.
void IoApicWindow::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  if (offset % register_size != 0) return;
  interrupts_.write_io_apic(
      static_cast<unsigned>(offset),
      static_cast<std::uint32_t>(little_endian(bytes.first(std::min(bytes.size(), register_size)))));
}

}  // namespace gdbvm
