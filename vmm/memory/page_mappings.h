// Every page that an address space maps, one by one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

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

// A walk in the order of addresses, which finds nothing without paging. A table to which more than `max_aliases`
// entries lead (KASAN's shadow, ill will) is looked into that often only, so that the walk ends in any case. It may be
// done in pieces, between which the guest may change its tables.
class PageWalk final {
 public:
  static constexpr unsigned max_aliases = 8;
  using Visit = std::function<bool(const PageMapping&)>;

  PageWalk(const GuestMemory& memory, const x86::SystemRegisters& system) : memory_(memory), format_(system) {}

  // Goes on where it was broken off, by `visit`, which has returned false for the last page, or by `pause`, which is
  // asked before each table. true: that was all.
  bool more(const Visit& visit, const std::function<bool()>& pause = [] { return false; });
  // How many times a table was passed over.
  std::uint64_t passed_over() const { return passed_over_; }

 private:
  struct Piece {
    const Visit& visit;
    const std::function<bool()>& pause;
  };
  bool table(const Piece& piece, Gpa start, std::size_t depth, std::uint64_t base, paging::Rights above);
  bool follow(const Piece& piece, std::uint64_t entry, std::size_t depth, std::uint64_t base, paging::Rights rights);
  std::uint64_t canonical(std::uint64_t address) const;

  const GuestMemory& memory_;
  const paging::Format format_;
  std::map<std::pair<std::uint64_t, std::size_t>, unsigned> visits_;  // by table and depth
  std::uint64_t passed_over_ = 0;
  std::uint64_t position_ = 0;   // where to go on, an address before it is made canonical
  std::size_t begun_above_ = 0;  // the depth of the table to go on with, if the walk was broken off before one
};

}  // namespace gdbvm
