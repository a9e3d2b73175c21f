// Whether a page of RAM holds page tables of an address space.
#pragma once

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// Any table that is reachable from CR3 lies in the page of `address`. Without paging: false.
bool holds_page_tables(const GuestMemory& memory, const x86::SystemRegisters& system, Gpa address);

}  // namespace gdbvm
