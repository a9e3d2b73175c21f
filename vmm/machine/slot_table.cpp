#include "vmm/machine/slot_table.h"

#include <algorithm>
#include <optional>
#include <ranges>

#include "vmm/memory/page_set.h"

namespace gdbvm {

namespace {

// The range in whole pages; its end, exclusive, saturates at the last page boundary below 2^64.
struct PageRange {
  std::uint64_t begin, end;
};
PageRange whole_pages(const ProtectedRange& range) {
  constexpr std::uint64_t last_boundary = ~(page_size - 1);
  const std::uint64_t begin = range.start.page().value;
  const std::uint64_t wanted = range.start.value + range.size;
  if (wanted < range.start.value || wanted > last_boundary) return {begin, last_boundary};
  return {begin, (wanted + page_size - 1) & last_boundary};
}

// All addresses where the protection may change, inside [begin, end], both included.
std::vector<std::uint64_t> boundaries(std::span<const ProtectedRange> protections, std::uint64_t begin,
                                      std::uint64_t end) {
  std::vector<std::uint64_t> points{begin, end};
  for (const ProtectedRange& range : protections) {
    const PageRange pages = whole_pages(range);
    if (pages.begin > begin && pages.begin < end) points.push_back(pages.begin);
    if (pages.end > begin && pages.end < end) points.push_back(pages.end);
  }
  std::ranges::sort(points);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

std::optional<PageAccess> protection_at(std::span<const ProtectedRange> protections, std::uint64_t address) {
  std::optional<PageAccess> strictest;
  for (const ProtectedRange& range : protections) {
    const PageRange pages = whole_pages(range);
    if (range.size == 0 || address < pages.begin || address >= pages.end) continue;
    strictest = strictest ? std::max(*strictest, range.access) : range.access;
  }
  return strictest;
}

void append(std::vector<SlotPiece>& pieces, const SlotPiece& piece) {
  if (!pieces.empty()) {
    SlotPiece& last = pieces.back();
    const bool adjoins = last.start + last.size == piece.start && last.host + last.size == piece.host;
    if (adjoins && last.read_only == piece.read_only) {
      last.size += piece.size;
      return;
    }
  }
  pieces.push_back(piece);
}

bool holds(const MemorySlot& slot, const SlotPiece& piece) {
  return slot.start == piece.start && slot.size == piece.size && slot.host == piece.host &&
         slot.read_only == piece.read_only;
}

}  // namespace

std::vector<SlotPiece> cut(std::span<const SlotPiece> memory, std::span<const ProtectedRange> protections) {
  std::vector<SlotPiece> pieces;
  for (const SlotPiece& whole : memory) {
    const auto points = boundaries(protections, whole.start.value, whole.start.value + whole.size);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      const auto access = protection_at(protections, points[i]);
      if (access == PageAccess::Absent) continue;
      append(pieces, {.start = {points[i]},
                      .size = points[i + 1] - points[i],
                      .host = whole.host + (points[i] - whole.start.value),
                      .read_only = whole.read_only || access == PageAccess::ReadOnly});
    }
  }
  return pieces;
}

SlotChange difference(std::span<const MemorySlot> present, std::span<const SlotPiece> wanted) {
  SlotChange change;
  std::vector<bool> taken(present.size() + wanted.size());  // the lowest ids suffice
  for (const MemorySlot& slot : present) {
    const bool stays = std::ranges::any_of(wanted, [&](const SlotPiece& piece) { return holds(slot, piece); });
    if (!stays)
      change.remove.push_back(slot.id);
    else if (slot.id.value < taken.size())
      taken[slot.id.value] = true;
  }
  std::uint32_t next = 0;
  for (const SlotPiece& piece : wanted) {
    if (std::ranges::any_of(present, [&](const MemorySlot& slot) { return holds(slot, piece); })) continue;
    while (taken[next]) ++next;
    change.set.push_back(
        {.id = {next++}, .start = piece.start, .size = piece.size, .host = piece.host, .read_only = piece.read_only});
  }
  return change;
}

SlotTable::SlotTable(GuestMemory& memory, unsigned max_slots) : ram_(memory), max_slots_(max_slots) {
  for (const GuestMemory::Region& region : memory.writable())
    memory_.push_back({.start = region.start, .size = region.size, .host = region.host, .read_only = false});
  std::ranges::sort(memory_, {}, &SlotPiece::start);
  wanted_ = memory_;
}

void SlotTable::add_rom(Gpa start, std::uint64_t size, std::byte* host) {
  memory_.push_back({.start = start, .size = size, .host = host, .read_only = true});
  std::ranges::sort(memory_, {}, &SlotPiece::start);
  wanted_ = cut(memory_, protections_);
}

std::vector<SlotTable::Rom> SlotTable::roms() const {
  std::vector<Rom> roms;
  for (const SlotPiece& piece : memory_)
    if (piece.read_only) roms.push_back({piece.start, piece.size});
  return roms;
}

bool SlotTable::protect(std::span<const ProtectedRange> protections) {
  auto pieces = cut(memory_, protections);
  if (pieces.size() > max_slots_) return false;
  protections_.assign(protections.begin(), protections.end());
  wanted_ = std::move(pieces);
  return true;
}

void SlotTable::apply(Vm& vm) {
  const SlotChange change = difference(slots_, wanted_);
  for (const SlotId id : change.remove) {
    const auto slot = std::ranges::find(slots_, id, &MemorySlot::id);
    collect_written(vm, *slot);
    vm.remove_slot(id);
    slots_.erase(slot);
  }
  for (MemorySlot slot : change.set) {
    slot.tracked = tracking_ && !slot.read_only;  // what is written to a read-only slot is written by us
    vm.set_slot(slot);
    slots_.push_back(slot);
  }
  std::ranges::sort(slots_, {}, &MemorySlot::start);
}

void SlotTable::track_writes(Vm& vm, bool wanted) {
  if (tracking_ == wanted) return;
  tracking_ = wanted;
  ram_.note_writes(wanted);
  for (MemorySlot& slot : slots_) {
    if (slot.read_only || slot.tracked == wanted) continue;
    slot.tracked = wanted;
    vm.set_slot(slot);
  }
}

bool SlotTable::collect_written(Vm& vm) {
  bool any = false;
  for (const MemorySlot& slot : slots_) any |= collect_written(vm, slot);
  return any;
}

bool SlotTable::collect_written(Vm& vm, const MemorySlot& slot) {
  if (!slot.tracked) return false;
  const std::uint64_t pages = slot.size / page_size;
  log_.resize((pages + 63) / 64);
  vm.take_dirty_pages(slot, log_);
  const std::uint64_t first = ram_.number_of(slot.start);
  bool any = false;
  each_bit(log_, [&](std::uint64_t page) {
    ram_.written()->insert(first + page);
    any = true;
  });
  return any;
}

// KVM does it whenever it begins to log a slot's writes. The smallest slot has the fewest pages to protect.
void SlotTable::flush_tlbs(Vm& vm) {
  auto tracked = std::views::filter(slots_, &MemorySlot::tracked);
  const auto smallest = std::ranges::min_element(tracked, {}, &MemorySlot::size);
  if (smallest == tracked.end()) return;
  MemorySlot slot = *smallest;
  for (const bool logged : {false, true}) {
    slot.tracked = logged;
    vm.set_slot(slot);
  }
}

}  // namespace gdbvm
