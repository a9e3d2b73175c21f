// Entries that point to tables are numbers of tables until the place is known.
#include "vmm/boot/page_tables.h"

#include <cstring>

namespace gdbvm::boot {

std::size_t PageTables::descend(std::size_t table, std::size_t entry) {
  const std::uint64_t old = tables_[table][entry];
  if (is_pointer_[table][entry]) return old;
  if (tables_.size() >= max_tables_) return 0;
  const std::size_t below = tables_.size();
  Table& made = tables_.emplace_back();
  is_pointer_.emplace_back();
  if (old & large) {
    const std::uint64_t first = (old & address_mask) | present | writable;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = first + i * page_size;
  }
  tables_[table][entry] = below;
  is_pointer_[table][entry] = true;
  return below;
}

bool PageTables::map_page(Gva linear, Gpa physical, bool is_large) {
  std::size_t table = 0;
  unsigned shift = 39;
  for (const unsigned leaf = is_large ? 21 : 12; shift > leaf; shift -= 9) {
    table = descend(table, linear.value >> shift & 511);
    if (table == 0) return false;
  }
  const std::size_t entry = linear.value >> shift & 511;
  tables_[table][entry] = physical.value | present | writable | (is_large ? large : 0);
  is_pointer_[table][entry] = false;  // a table that a large page replaces stays where it is, unused
  return true;
}

bool PageTables::map(Gva linear, Gpa physical, std::uint64_t size) {
  while (size > 0) {
    const bool is_large = (linear.value | physical.value) % large_page == 0 && size >= large_page;
    if (!map_page(linear, physical, is_large)) return false;
    const std::uint64_t step = is_large ? large_page : page_size;
    linear = linear + step;
    physical = physical + step;
    size -= step;
  }
  return true;
}

std::vector<std::uint8_t> PageTables::bytes(Gpa base) const {
  std::vector<std::uint8_t> out(size());
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    Table table = tables_[t];
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (is_pointer_[t][i]) table[i] = (base.value + table[i] * page_size) | present | writable;
    }
    std::memcpy(out.data() + t * page_size, table.data(), page_size);
  }
  return out;
}

}  // namespace gdbvm::boot
