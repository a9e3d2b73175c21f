// Page tables in words: one translation explained, and the lines of `info mem` and `info tlb` as QEMU prints them.
#pragma once

#include <string>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/page_mappings.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::monitor {

// One line for the start, one for each table passed, one for the result.
std::string walk_text(const GuestMemory& memory, const x86::SystemRegisters& system, Gva address);

// "ffffffff80000000-ffffffff80200000 0000000000200000 -rw": start, end, size; user, read, write. Without paging
// one line, for the 4 GiB of linear addresses.
std::string range_lines(const GuestMemory& memory, const x86::SystemRegisters& system);

// "ffffffff80000000: 0000000000000000 -GPDA---W": virtual and physical address; NX (X), global, large (P), dirty,
// accessed, PCD (C), PWT (T), user, writable, as the last entry has them.
std::string page_line(const PageMapping& page);

}  // namespace gdbvm::monitor
