// Page tables of every mode, built entry by entry in guest memory, for tests of those who read them.
#pragma once

#include <cstring>

#include "tests/support/page_tables.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// An entry is given by its table's address and its index there.
struct PageTables {
  GuestMemory memory{std::uint64_t{64} << 20};
  x86::SystemRegisters system;

  static constexpr std::uint64_t present = page_entry::present, writable = page_entry::writable,
                                 user = page_entry::user, large = page_entry::large, nx = page_entry::no_execute,
                                 all = page_entry::all;

  void put(std::uint64_t table, std::uint64_t index, std::uint64_t entry) {
    std::memcpy(memory.at({table + index * sizeof entry}, sizeof entry), &entry, sizeof entry);
  }
  void put32(std::uint64_t table, std::uint64_t index, std::uint32_t entry) {
    std::memcpy(memory.at({table + index * sizeof entry}, sizeof entry), &entry, sizeof entry);
  }
  void use_64(std::uint64_t root, bool five_levels = false) {
    system.cr0 = x86::cr0::pe | x86::cr0::pg;
    system.cr4 = x86::cr4::pae | (five_levels ? x86::cr4::la57 : 0);
    system.efer = x86::efer::lme | x86::efer::lma | x86::efer::nxe;
    system.cr3 = root;
  }
  void use_pae(std::uint64_t root) {
    system.cr0 = x86::cr0::pe | x86::cr0::pg;
    system.cr4 = x86::cr4::pae;
    system.efer = x86::efer::nxe;
    system.cr3 = root;
  }
  void use_32(std::uint64_t root, bool pse) {
    system.cr0 = x86::cr0::pe | x86::cr0::pg;
    system.cr4 = pse ? x86::cr4::pse : 0;
    system.efer = 0;
    system.cr3 = root;
  }
};

}  // namespace gdbvm
