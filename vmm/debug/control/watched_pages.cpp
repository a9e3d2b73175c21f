#include "vmm/debug/control/watched_pages.h"

#include <algorithm>

#include "vmm/memory/page_walk.h"

namespace gdbvm {

namespace {

// More than these are looked through by running.
constexpr std::uint64_t most_pages = 64;

bool add_page(WatchedPages& pages, const GuestMemory& memory, Gpa address) {
  const auto in = [address](const auto& region) {
    return address.value >= region.start.value && address.value - region.start.value < region.size;
  };
  if (!std::ranges::any_of(memory.writable(), in)) return false;
  const std::uint64_t number = memory.number_of(address);
  if (std::ranges::find(pages.numbers, number) == pages.numbers.end()) pages.numbers.push_back(number);
  return true;
}

bool add_pages(WatchedPages& pages, const GuestMemory& memory, const StopTable::Watchpoint& watched) {
  const std::uint64_t first = watched.start.value / page_size;
  const std::uint64_t last = (watched.start.value + std::max<std::uint64_t>(watched.length, 1) - 1) / page_size;
  if (last - first >= most_pages) return false;
  for (std::uint64_t page = first; page <= last; ++page) {
    const auto found = translate(memory, pages.paging, Gva(page * page_size));
    if (!found || !add_page(pages, memory, found->address)) return false;
    const auto add = [&](Gpa entry) { return add_page(pages, memory, entry); };
    if (!std::ranges::all_of(found->entries(), add)) return false;
  }
  return true;
}

}  // namespace

bool WatchedPages::translates_like(const x86::SystemRegisters& other) const {
  return paging.cr0 == other.cr0 && paging.cr3 == other.cr3 && paging.cr4 == other.cr4 && paging.efer == other.efer;
}

std::optional<WatchedPages> watched_pages(const StopTable& stops, const GuestMemory& memory,
                                          const x86::SystemRegisters& paging, Waited waited) {
  const bool elsewhere = stops.breakpoint_count() > 0 || !stops.caught().empty();
  if (waited == Waited::All && elsewhere) return std::nullopt;
  WatchedPages pages{.numbers = {}, .paging = paging};
  for (const StopTable::Watchpoint* watched : stops.watchpoints()) {
    const bool write = watched->kind == gdbstub::WatchKind::Write;
    if (!write && waited == Waited::OnlyWrites) continue;
    if (!write || !add_pages(pages, memory, *watched)) return std::nullopt;
  }
  return pages;
}

}  // namespace gdbvm
