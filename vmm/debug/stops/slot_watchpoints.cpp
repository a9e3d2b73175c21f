// Watched physical ranges guarded by memory slots: writes to read-only pages and accesses to absent ones leave the
// guest.
#include "vmm/debug/stops/slot_watchpoints.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace gdbvm {

namespace {

// Each watched page once, the stricter protection where two differ, and neighbours of one kind as one range: many
// watchpoints on a page cost one memory slot.
std::vector<ProtectedRange> protections_of(std::span<const WatchedRange> ranges) {
  std::map<Gpa, PageAccess> pages;
  for (const WatchedRange& range : ranges) {
    const auto access = range.what == WatchedRange::For::Writes ? PageAccess::ReadOnly : PageAccess::Absent;
    const Gpa last = (range.start + (range.size - 1)).page();
    for (Gpa page = range.start.page(); page <= last; page = page + page_size) {
      const auto [at, is_new] = pages.try_emplace(page, access);
      if (!is_new) at->second = std::max(at->second, access);
    }
  }
  std::vector<ProtectedRange> protections;
  for (const auto& [page, access] : pages) {
    const bool adjoins = !protections.empty() && protections.back().access == access &&
                         protections.back().start + protections.back().size == page;
    if (!adjoins) protections.push_back({page, 0, access});
    protections.back().size += page_size;
  }
  return protections;
}

}  // namespace

bool SlotWatchpoints::guard(std::span<const WatchedRange> ranges, Vm& vm) {
  if (std::ranges::equal(ranges, ranges_)) return true;
  std::vector<ProtectedRange> protections = protections_of(ranges);
  if (protections != protections_ && !slots_.protect(protections)) return false;
  slots_.apply(vm);
  ranges_.assign(ranges.begin(), ranges.end());
  protections_ = std::move(protections);
  return true;
}

void SlotWatchpoints::open(Vm& vm) {
  (void)slots_.protect({});  // fewer slots than before
  slots_.apply(vm);
}

void SlotWatchpoints::close(Vm& vm) {
  (void)slots_.protect(protections_);  // fitted when it was set
  slots_.apply(vm);
}

bool SlotWatchpoints::guards(Gpa address) const {
  const auto after = std::ranges::upper_bound(protections_, address, {}, &ProtectedRange::start);
  return after != protections_.begin() && address - std::prev(after)->start < std::prev(after)->size;
}

std::optional<Gpa> read_address(const Exit& exit) {
  const auto* mmio = std::get_if<exits::Mmio>(&exit);
  if (!mmio || mmio->direction != exits::Mmio::Direction::Read) return std::nullopt;
  return mmio->address;
}

std::optional<WatchedAccess> SlotWatchpoints::answer(const exits::Mmio& mmio) {
  if (!guards(mmio.address)) return std::nullopt;
  const std::uint64_t size = mmio.bytes.size();
  if (mmio.direction == exits::Mmio::Direction::Write) {
    // A write to ROM is seen, and changes nothing.
    if (!memory_.is_rom(mmio.address) && !planted_.write(mmio.address, mmio.bytes)) return std::nullopt;
    return WatchedAccess{mmio.address, size, WatchedAccess::Direction::Write};
  }
  if (memory_.read(mmio.address, mmio.bytes) != size) return std::nullopt;
  planted_.hide(mmio.address, mmio.bytes);
  return WatchedAccess{mmio.address, size, WatchedAccess::Direction::Read};
}

}  // namespace gdbvm
