// Many addresses translated at one moment: each page is walked once, and what the answers rest on is remembered.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "gdbstub/types.h"
#include "vmm/debug/stops/address_space.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

// A page table entry as it was when an address was translated by it; without its accessed and dirty bits.
struct SeenEntry {
  Gpa address;
  unsigned size;  // bytes
  std::uint64_t value;
  friend auto operator<=>(const SeenEntry&, const SeenEntry&) = default;
};
// Every address that was translated by these entries would be translated the same way again.
bool unchanged(std::span<const SeenEntry> entries, const GuestMemory& memory);

class AddressResolver final {
 public:
  explicit AddressResolver(const GuestMemory& memory) : memory_(memory) {}

  // The RAM at the address. The error says why there is none. `space` stays where it is in memory.
  gdbstub::Result<Gpa> resolve(const AddressSpace& space, Gva address);
  // What all answers so far rest on.
  std::vector<SeenEntry> seen_entries() const;

 private:
  gdbstub::Result<Gpa> walk(const AddressSpace& space, Gva address);
  void remember(std::span<const Gpa> entries, unsigned size);

  const GuestMemory& memory_;
  std::map<std::pair<const AddressSpace*, Gva>, gdbstub::Result<Gpa>> pages_;  // those that are mapped
  std::map<Gpa, SeenEntry> entries_;
};

}  // namespace gdbvm
