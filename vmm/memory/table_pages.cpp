// Tables may be shared and may form loops: each is looked at once for each level it serves as.
#include "vmm/memory/table_pages.h"

#include <utility>
#include <vector>

#include "vmm/memory/little_endian.h"
#include "vmm/memory/paging.h"

namespace gdbvm {

bool TablePages::contains(Gpa address) {
  if (!pages_) pages_ = find();
  return pages_->contains(address.page());
}

std::set<Gpa> TablePages::find() const {
  const paging::Format format(system_);
  const auto levels = format.levels();
  std::set<Gpa> pages;
  if (levels.empty()) return pages;
  std::set<std::pair<Gpa, std::size_t>> seen;
  std::vector<std::pair<Gpa, std::size_t>> open{{format.root(), 0}};
  while (!open.empty()) {
    const auto [table, depth] = open.back();
    open.pop_back();
    pages.insert(table.page());
    if (depth + 1 >= levels.size() || !seen.insert({table, depth}).second) continue;
    const std::size_t count = std::size_t{1} << levels[depth].index_bits;
    std::vector<std::uint8_t> bytes(count * format.entry_size());
    bytes.resize(memory_.read(table, bytes));
    for (std::size_t at = 0; at + format.entry_size() <= bytes.size(); at += format.entry_size()) {
      const std::uint64_t entry = little_endian(std::span(bytes).subspan(at, format.entry_size()));
      if (!(entry & paging::bits::present) || format.is_page(entry, levels[depth])) continue;
      open.emplace_back(format.target(entry, levels[depth]), depth + 1);
    }
  }
  return pages;
}

}  // namespace gdbvm
