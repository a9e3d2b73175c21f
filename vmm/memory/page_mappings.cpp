// A walk over the whole tree of page tables, every leaf of it.
#include "vmm/memory/page_mappings.h"

#include <array>
#include <cstring>

namespace gdbvm {

bool PageWalk::more(const Visit& visit, const std::function<bool()>& pause) {
  return format_.levels().empty() || table({visit, pause}, format_.root(), 0, 0, {});
}

// false: broken off. A table that the walk is in the middle of has been counted: one that begins before the place to go
// on at, or that leads to the table which begins there.
bool PageWalk::table(const Piece& piece, Gpa start, std::size_t depth, std::uint64_t base, paging::Rights above) {
  const bool begun = position_ > base || depth < begun_above_;
  if (!begun) {
    position_ = base;
    begun_above_ = piece.pause() ? depth : 0;
    if (begun_above_ != 0) return false;
    if (unsigned& visits = visits_[{start.value, depth}]; visits++ >= max_aliases) {
      ++passed_over_;
      return true;
    }
  }
  const paging::Level& level = format_.levels()[depth];
  std::array<std::uint8_t, page_size> bytes{};  // entries outside RAM read as not present
  memory_.read(start, std::span(bytes).first(format_.entry_size() << level.index_bits));
  for (std::uint64_t i = begun ? (position_ - base) >> level.shift : 0; i < 1u << level.index_bits; ++i) {
    std::uint64_t entry = 0;
    std::memcpy(&entry, &bytes[i * format_.entry_size()], format_.entry_size());
    if (!(entry & paging::bits::present)) continue;
    if (!follow(piece, entry, depth, base | i << level.shift, above & format_.rights(entry, level))) return false;
  }
  return true;
}

bool PageWalk::follow(const Piece& piece, std::uint64_t entry, std::size_t depth, std::uint64_t base,
                      paging::Rights rights) {
  const paging::Level& level = format_.levels()[depth];
  const Gpa target = format_.target(entry, level);
  if (!format_.is_page(entry, level)) return table(piece, target, depth + 1, base, rights);
  const std::uint64_t size = std::uint64_t{1} << level.shift;
  position_ = base + size;
  return piece.visit({{canonical(base)}, target, size, entry, rights});
}

std::uint64_t PageWalk::canonical(std::uint64_t address) const {
  const unsigned width = format_.address_bits();
  if (width == 32 || !(address >> (width - 1) & 1)) return address;
  return address | ~std::uint64_t{0} << (width - 1);
}

}  // namespace gdbvm
