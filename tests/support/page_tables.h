// Builds four-level page tables in guest memory, for tests of code that reads them (SDM vol. 3, 4.5).
#pragma once

#include <cstdint>
#include <cstring>

#include "vmm/memory/guest_memory.h"

namespace gdbvm {

namespace page_entry {
inline constexpr std::uint64_t present = 1, writable = 2, user = 4, accessed = 0x20, dirty = 0x40, large = 0x80,
                               no_execute = std::uint64_t{1} << 63;
inline constexpr std::uint64_t kernel = present | writable, all = present | writable | user;
}  // namespace page_entry

// The root first, then the other tables as they are needed, a page each.
class PageTableBuilder final {
 public:
  // The level of the mapping entry: 4 KiB, 2 MiB or 1 GiB.
  enum Level : unsigned { Pt = 1, Pd = 2, Pdpt = 3, Pml4 = 4 };

  PageTableBuilder(GuestMemory& memory, std::uint64_t root) : memory_(memory), root_(root), next_(root + 0x1000) {}

  // Maps one page, of the level's size.
  void map(std::uint64_t linear, std::uint64_t physical, Level level, std::uint64_t flags) {
    store(entry_at(linear, level), physical | flags | (level == Pt ? 0 : page_entry::large));
  }
  // The address of the entry in which the CPU looks up `linear`; missing tables above it are created.
  std::uint64_t entry_at(std::uint64_t linear, Level level) {
    std::uint64_t table = root_;
    for (unsigned at = Pml4; at > level; --at) table = table_below(table + index(linear, at) * 8);
    return table + index(linear, level) * 8;
  }

 private:
  static std::uint64_t index(std::uint64_t linear, unsigned level) { return linear >> (3 + 9 * level) & 511; }
  std::uint64_t table_below(std::uint64_t entry) {
    std::uint64_t value = 0;
    std::memcpy(&value, memory_.at({entry}, sizeof value), sizeof value);
    if (value == 0) {
      value = next_ | page_entry::all;
      next_ += 0x1000;
      store(entry, value);
    }
    return value & ~std::uint64_t{0xfff} & ~page_entry::no_execute;
  }
  void store(std::uint64_t address, std::uint64_t value) {
    std::memcpy(memory_.at({address}, sizeof value), &value, sizeof value);
  }

  GuestMemory& memory_;
  std::uint64_t root_, next_;
};

}  // namespace gdbvm
