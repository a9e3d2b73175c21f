// The bytes of the BIOS data areas and of an empty screen; acpi/ and mp_table make the tables.
#include "vmm/boot/firmware_data.h"

#include "vmm/boot/acpi/tables.h"
#include "vmm/boot/mp_table.h"
#include "vmm/x86/layout.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::boot {

namespace {

namespace layout = x86::layout;

void put_word(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t value) {
  bytes[at] = static_cast<std::uint8_t>(value);
  bytes[at + 1] = static_cast<std::uint8_t>(value >> 8);
}

// The BIOS data area's words that kernels read to learn where conventional memory ends, and the serial ports; and the
// extended area after that end, whose first byte is its size in KiB.
void place_bios_data(BootPlan& plan, RamPlan& ram) {
  constexpr std::size_t com1 = 0x00, com2 = 0x02, extended_segment = 0x0e, memory_kib = 0x13;
  constexpr std::uint64_t kib = 1024, extended_size = kib;
  const Gpa start{layout::bios_data}, extended{layout::extended_bios_data};
  if (!ram.is_ram(extended, extended_size) || !ram.take(start, layout::gdt - layout::bios_data)) return;
  if (!ram.take(extended, extended_size)) return;
  std::vector<std::uint8_t> words(memory_kib + 2);
  put_word(words, com1, x86::wiring::com1_port);
  put_word(words, com2, x86::wiring::com2_port);
  put_word(words, extended_segment, extended.value >> 4);
  put_word(words, memory_kib, extended.value / kib);
  plan.placements.push_back({start, std::move(words)});
  plan.placements.push_back({extended, {extended_size / kib}});
}

// Blanks in light grey on black: a kernel may write characters alone, and the cursor has the colour of what it is on.
void place_empty_screen(BootPlan& plan, RamPlan& ram) {
  constexpr std::size_t cells = 80 * 25;
  const Gpa start{layout::display_text};
  std::vector<std::uint8_t> bytes(2 * cells);
  if (!ram.take(start, bytes.size())) return;
  for (std::size_t at = 0; at < bytes.size(); at += 2) put_word(bytes, at, 0x0720);
  plan.placements.push_back({start, std::move(bytes)});
}

}  // namespace

std::optional<Gpa> place_firmware_data(BootPlan& plan, RamPlan& ram, const LoadOptions& options) {
  place_bios_data(plan, ram);
  place_empty_screen(plan, ram);
  place_mp_table(plan, ram, options.cpus);
  return acpi::place_tables(plan, ram, {options.cpus, options.virtio_devices});
}

}  // namespace gdbvm::boot
