// A walk over the whole tree of page tables that descends only where a range begins or ends.
#include "vmm/memory/mapped_ranges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <ranges>

namespace gdbvm {

namespace {

constexpr unsigned nothing = 8;  // the bit after the eight combinations of rights

unsigned code(paging::Rights r) { return r.writable | r.user << 1 | r.executable << 2; }
paging::Rights rights_of(unsigned combination) {
  return {(combination & 1) != 0, (combination & 2) != 0, (combination & 4) != 0};
}

// The outcomes as they are when the tables above allow no more than `above`.
std::uint16_t limit(std::uint16_t outcomes, paging::Rights above) {
  std::uint16_t limited = outcomes & 1u << nothing;
  for (unsigned combination = 0; combination < nothing; ++combination)
    if (outcomes & 1u << combination) limited |= 1u << code(rights_of(combination) & above);
  return limited;
}

// One whole table; entries outside RAM read as not present.
class Table {
 public:
  Table(const GuestMemory& memory, Gpa start, const paging::Format& format, const paging::Level& level)
      : entry_size_(format.entry_size()) {
    bytes_.fill(0);
    memory.read(start, std::span(bytes_).first(entry_size_ << level.index_bits));
  }
  std::uint64_t operator[](std::uint64_t index) const {
    std::uint64_t entry = 0;
    std::memcpy(&entry, &bytes_[index * entry_size_], entry_size_);
    return entry;
  }

 private:
  unsigned entry_size_;
  std::array<std::uint8_t, page_size> bytes_;
};

}  // namespace

struct MappedRanges::Search {
  std::uint64_t from;
  std::optional<MappedRange> found{};
  bool ended = false;

  void add_mapped(std::uint64_t start, std::uint64_t size, paging::Rights rights) {
    if (!found) {
      const std::uint64_t skipped = start < from ? from - start : 0;
      found = {{start + skipped}, size - skipped, rights};
    } else if (found->start.value + found->size == start && found->rights == rights) {
      found->size += size;
    } else {
      ended = true;
    }
  }
  void add_nothing() { ended = found.has_value(); }
};

MappedRanges::MappedRanges(const GuestMemory& memory, const x86::SystemRegisters& system)
    : memory_(memory), format_(system) {}

MappedRanges::Outcomes MappedRanges::outcomes_below(Gpa start, std::size_t depth) {
  if (!memory_.at(start, 1)) return 1u << nothing;
  const auto key = std::pair(start.value, depth);
  if (const auto it = known_.find(key); it != known_.end()) return it->second;
  const paging::Level& level = format_.levels()[depth];
  const Table table(memory_, start, format_, level);
  Outcomes outcomes = 0;
  for (std::uint64_t i = 0; i < 1u << level.index_bits; ++i) {
    const std::uint64_t entry = table[i];
    if (!(entry & paging::bits::present))
      outcomes |= 1u << nothing;
    else if (format_.is_page(entry, level))
      outcomes |= 1u << code(format_.rights(entry, level));
    else
      outcomes |= limit(outcomes_below(format_.target(entry, level), depth + 1), format_.rights(entry, level));
  }
  known_[key] = outcomes;
  return outcomes;
}

void MappedRanges::visit_table(Gpa start, std::size_t depth, std::uint64_t base, paging::Rights above, Search& search) {
  const paging::Level& level = format_.levels()[depth];
  const Table table(memory_, start, format_, level);
  const std::uint64_t covers = std::uint64_t{1} << level.shift;
  const std::uint64_t first = search.from > base ? (search.from - base) >> level.shift : 0;
  for (std::uint64_t i = first; i < 1u << level.index_bits && !search.ended; ++i) {
    const std::uint64_t entry = table[i];
    std::uint64_t at = base + i * covers;
    if (depth == 0 && format_.address_bits() > 32 && i >> (level.index_bits - 1)) {
      at |= ~std::uint64_t{0} << (format_.address_bits() - 1);  // the upper half of the canonical addresses
    }
    if (!(entry & paging::bits::present)) {
      search.add_nothing();
      continue;
    }
    const paging::Rights rights = above & format_.rights(entry, level);
    if (format_.is_page(entry, level)) {
      search.add_mapped(at, covers, rights);
      continue;
    }
    const Gpa next = format_.target(entry, level);
    const Outcomes outcomes = limit(outcomes_below(next, depth + 1), rights);
    if (outcomes == 1u << nothing)
      search.add_nothing();
    else if (std::has_single_bit(outcomes))
      search.add_mapped(at, covers, rights_of(static_cast<unsigned>(std::countr_zero(outcomes))));
    else
      visit_table(next, depth + 1, at, rights, search);
  }
}

std::optional<MappedRange> MappedRanges::next(Gva from) {
  Search search{.from = from.page().value};
  if (format_.mode() == paging::Mode::None) {
    constexpr std::uint64_t end = std::uint64_t{1} << 32;
    if (search.from < end) search.found = {{search.from}, end - search.from, {}};
    return search.found;
  }
  const unsigned width = format_.address_bits();
  if (width == 32 && from.value >> 32) return std::nullopt;
  std::uint64_t base = 0;
  if (width > 32) {
    const std::uint64_t upper_half = ~std::uint64_t{0} << (width - 1);
    if (search.from >> (width - 1) && search.from < upper_half) search.from = upper_half;
    if (search.from >= upper_half) base = ~std::uint64_t{0} << width;  // so that the index comes out right
  }
  visit_table(format_.root(), 0, base, {}, search);
  return search.found;
}

// next() only looks ahead. What lies before the address is found by halving: if a page begins a span that reaches the
// address, so does every page between the two.
AddressSpan MappedRanges::around(Gva address) {
  const std::uint64_t page = address.page().value;
  const auto ahead = next(address);
  const bool mapped = ahead && ahead->start.value == page;
  const auto reaches = [&](std::uint64_t number) {
    const std::uint64_t from = number * page_size;
    const auto found = next({from});
    if (!mapped) return !found || found->start.value > page;
    return found && found->start.value == from && found->rights == ahead->rights && page - from < found->size;
  };
  const auto pages = std::views::iota(std::uint64_t{0}, page / page_size);
  const auto first = std::ranges::partition_point(pages, [&](std::uint64_t number) { return !reaches(number); });
  const std::uint64_t start = static_cast<std::uint64_t>(first - pages.begin()) * page_size;
  if (mapped) return {{start}, page - start + ahead->size, ahead->rights};
  const std::uint64_t size = (ahead ? ahead->start.value : 0) - start;
  return {{start}, size == 0 ? ~std::uint64_t{0} : size, std::nullopt};
}

}  // namespace gdbvm
