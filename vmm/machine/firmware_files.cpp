#include "vmm/machine/firmware_files.h"

#include <algorithm>
#include <cstring>

#include "vmm/boot/acpi/loader.h"
#include "vmm/boot/memory_map.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/layout.h"

namespace gdbvm {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Kind = boot::MemoryRange::Kind;

struct [[gnu::packed]] Entry {  // ACPI 6.4, table 15.6
  std::uint64_t start, size;
  Kind kind;
};

// What is below 1 MiB, the firmware itself shares out.
Bytes e820(std::uint64_t memory) {
  namespace layout = x86::layout;
  const std::uint64_t low = std::min(memory, ram_hole_start.value);
  Bytes bytes;
  for (const Entry& entry :
       {Entry{0, low, Kind::Ram},
        Entry{layout::kvm_identity_map, layout::kvm_tss_end - layout::kvm_identity_map, Kind::Reserved},
        Entry{ram_hole_end.value, memory - low, Kind::Ram}}) {
    if (entry.size == 0) continue;
    const auto* first = reinterpret_cast<const std::uint8_t*>(&entry);
    bytes.insert(bytes.end(), first, first + sizeof entry);
  }
  return bytes;
}

}  // namespace

std::vector<FwCfg::File> firmware_files(const FirmwareNeeds& needs) {
  auto acpi = boot::acpi::loadable_tables({.cpus = needs.cpus, .virtio_devices = needs.virtio_devices});
  return {{"etc/e820", e820(needs.memory)},
          {boot::acpi::root_pointer_file, std::move(acpi.root_pointer)},
          {boot::acpi::tables_file, std::move(acpi.tables)},
          {boot::acpi::script_file, std::move(acpi.script)}};
}

}  // namespace gdbvm
