// What an address space maps, range by range, without visiting the empty or the endlessly repeated parts of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/paging.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

struct MappedRange {
  Gva start;
  std::uint64_t size;
  paging::Rights rights;
  bool operator==(const MappedRange&) const = default;
};

// The same, or a gap.
struct AddressSpan {
  Gva start;
  std::uint64_t size;                    // to the end of the address space: 2^64 - start; all of it: 2^64 - 1
  std::optional<paging::Rights> rights;  // nullopt: not mapped
  bool operator==(const AddressSpan&) const = default;
};

// Valid for as long as the guest does not run: it remembers what it learned about each table. So it stays fast where
// a guest lets many entries point to one table (KASAN's shadow, or ill will).
class MappedRanges final {
 public:
  MappedRanges(const GuestMemory& memory, const x86::SystemRegisters& system);
  // The first range with one set of rights that ends above `from`, as far as it lies at or above `from`'s page.
  // nullopt: nothing is mapped from there on.
  std::optional<MappedRange> next(Gva from);
  // The longest span around an address that is mapped with one set of rights, or that is not mapped.
  AddressSpan around(Gva address);

 private:
  // What can be found under a table: one bit for each combination of rights, and one for nothing at all.
  using Outcomes = std::uint16_t;
  struct Search;

  Outcomes outcomes_below(Gpa table, std::size_t depth);
  void visit_table(Gpa table, std::size_t depth, std::uint64_t base, paging::Rights above, Search& search);

  const GuestMemory& memory_;
  paging::Format format_;
  std::map<std::pair<std::uint64_t, std::size_t>, Outcomes> known_;  // by table and depth
};

}  // namespace gdbvm
