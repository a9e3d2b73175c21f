// RAM around its holes.
#include "vmm/boot/memory_map.h"

#include <algorithm>

#include "vmm/memory/guest_memory.h"
#include "vmm/x86/layout.h"

namespace gdbvm::boot {

namespace {
namespace layout = x86::layout;
constexpr std::uint64_t mib = 1 << 20;
}  // namespace

std::vector<MemoryRange> memory_map(std::uint64_t ram_size) {
  using Kind = MemoryRange::Kind;
  const std::uint64_t low = std::min(ram_size, ram_hole_start.value);
  std::vector<MemoryRange> map;
  const auto add = [&](std::uint64_t start, std::uint64_t end, Kind kind) {
    if (end > start) map.push_back({{start}, end - start, kind});
  };
  add(0, std::min(low, layout::extended_bios_data), Kind::Ram);
  // The display's window, up to the firmware, is neither RAM nor reserved: a kernel may claim it for its devices.
  add(layout::extended_bios_data, std::min(low, layout::display_window), Kind::Reserved);
  add(layout::firmware_tables, std::min(low, mib), Kind::Reserved);
  add(mib, low, Kind::Ram);
  add(layout::kvm_identity_map, layout::kvm_tss_end, Kind::Reserved);
  add(ram_hole_end.value, ram_hole_end.value + (ram_size - low), Kind::Ram);
  return map;
}

OldMemorySizes old_memory_sizes(std::uint64_t ram_size) {
  constexpr std::uint64_t kib = 1024;
  const std::uint64_t low = std::min(ram_size, ram_hole_start.value);
  return {.lower_kib = static_cast<std::uint32_t>(std::min(low, layout::extended_bios_data) / kib),
          .upper_kib = static_cast<std::uint32_t>(low > mib ? (low - mib) / kib : 0)};
}

}  // namespace gdbvm::boot
