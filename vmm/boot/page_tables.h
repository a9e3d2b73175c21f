// Builds four-level page tables (SDM vol. 3, 4.5) as bytes, before it is known where in guest memory they will lie.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "vmm/memory/address.h"

namespace gdbvm::boot {

class PageTables final {
 public:
  static constexpr std::uint64_t large_page = std::uint64_t{2} << 20;

  // At most `max_tables` tables of 4 KiB each.
  explicit PageTables(std::size_t max_tables) : max_tables_(max_tables) { tables_.emplace_back(); }

  // Maps [linear, linear + size) to physical memory, readable, writable and executable, in 2 MiB pages where both sides
  // are aligned, else in 4 KiB pages. Replaces earlier mappings, and splits large pages for it. All three values are
  // multiples of 4 KiB; `linear` is canonical and the range neither wraps nor leaves its half of the address space.
  // false: the tables are full.
  [[nodiscard]] bool map(Gva linear, Gpa physical, std::uint64_t size);

  std::size_t size() const { return tables_.size() * page_size; }
  // The tables for a root at `base`, the others after it.
  std::vector<std::uint8_t> bytes(Gpa base) const;

 private:
  static constexpr std::uint64_t present = 1, writable = 2, large = 1 << 7;
  static constexpr std::uint64_t address_mask = 0x000ffffffffff000;
  using Table = std::array<std::uint64_t, 512>;

  // The index of the table that `entry` of `table` points to; makes it, or splits the large page that is there.
  // 0 (nobody points to the root): full.
  std::size_t descend(std::size_t table, std::size_t entry);
  bool map_page(Gva linear, Gpa physical, bool is_large);

  std::size_t max_tables_;
  // Entries that point to tables hold the table's index in place of its frame number until bytes() places them.
  std::vector<Table> tables_;
  std::vector<std::array<bool, 512>> is_pointer_{{}};
};

}  // namespace gdbvm::boot
