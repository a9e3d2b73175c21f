// The notes of an ELF file that tell how to boot it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace gdbvm::boot {

struct BootNotes {
  // XEN_ELFNOTE_PHYS32_ENTRY: the entry point of the PVH protocol, a physical address. Xen's own note counts first; as
  // for QEMU, one of that type with another owner will do.
  std::optional<std::uint64_t> pvh_entry;
  bool pvh_entry_is_xens = false;
  bool is_linux = false;  // has a note of Linux's
};

// Looks through the contents of one PT_NOTE segment, which may be any bytes.
void read_boot_notes(std::span<const std::uint8_t> notes, BootNotes& found);

}  // namespace gdbvm::boot
