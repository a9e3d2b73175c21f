// Every page that an address space maps, one by one.
#pragma once

#include <cstdint>
#include <functional>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/paging.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

struct PageMapping {
  Gva start;
  Gpa target;
  std::uint64_t size;   // 4 KiB, 2 MiB, 4 MiB or 1 GiB
  std::uint64_t entry;  // the last table's
  paging::Rights rights;
};

// Calls `visit` in the order of addresses until it returns false; never without paging. A table to which more than
// `max_aliases` entries lead (KASAN's shadow, ill will) is looked into that often only; returns how many times it was
// passed over, so that the walk ends in any case.
inline constexpr unsigned max_aliases = 8;
std::uint64_t for_each_page(const GuestMemory& memory, const x86::SystemRegisters& system,
                            const std::function<bool(const PageMapping&)>& visit);

}  // namespace gdbvm
