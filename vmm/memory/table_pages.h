// Which pages of RAM hold page tables of an address space.
#pragma once

#include <optional>
#include <set>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// The tables as they are when contains() is first called; all of them are looked at once, then a lookup is O(log N).
class TablePages final {
 public:
  TablePages(const GuestMemory& memory, const x86::SystemRegisters& system) : memory_(memory), system_(system) {}

  // Any table that is reachable from CR3 lies in the page of `address`. Without paging: false.
  bool contains(Gpa address);

 private:
  std::set<Gpa> find() const;

  const GuestMemory& memory_;
  x86::SystemRegisters system_;
  std::optional<std::set<Gpa>> pages_;
};

}  // namespace gdbvm
