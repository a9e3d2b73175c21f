// Page walks for stops.
#include "vmm/debug/stops/address_resolver.h"

#include <algorithm>
#include <cstring>

#include "vmm/memory/page_walk.h"

namespace gdbvm {

namespace {

// All ones where there is no RAM: no entry that a walk passes reads so.
std::uint64_t entry_at(const GuestMemory& memory, Gpa address, unsigned size) {
  const std::byte* bytes = memory.at(address, size);
  if (!bytes) return ~std::uint64_t{0};
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, size);
  return value & ~(paging::bits::accessed | paging::bits::dirty);
}

}  // namespace

bool unchanged(std::span<const SeenEntry> entries, const GuestMemory& memory) {
  return std::ranges::all_of(
      entries, [&](const SeenEntry& seen) { return entry_at(memory, seen.address, seen.size) == seen.value; });
}

gdbstub::Result<Gpa> AddressResolver::resolve(const AddressSpace& space, Gva address) {
  const auto known = pages_.find({&space, address.page()});
  const auto page = known != pages_.end() ? known->second : walk(space, address);
  if (!page) return page;
  pages_.try_emplace({&space, address.page()}, page->page());
  const Gpa place = page->page() + address.page_offset();
  if (!memory_.at(place, 1)) return gdbstub::fail(fmt::format("there is no RAM at {}", place));
  return place;
}

gdbstub::Result<Gpa> AddressResolver::walk(const AddressSpace& space, Gva address) {
  const unsigned entry_size = paging::Format(space.paging).entry_size();
  const auto found = translate(memory_, space.paging, address);
  if (!found) {
    const TranslationError& error = found.error();
    remember(std::span(error.passed).first(error.passed_count), entry_size);
    return gdbstub::fail(describe(error));
  }
  remember(found->entries(), entry_size);
  return found->address;
}

void AddressResolver::remember(std::span<const Gpa> entries, unsigned size) {
  for (const Gpa entry : entries) entries_.try_emplace(entry, SeenEntry{entry, size, entry_at(memory_, entry, size)});
}

std::vector<SeenEntry> AddressResolver::seen_entries() const {
  std::vector<SeenEntry> all;
  for (const auto& [address, entry] : entries_) all.push_back(entry);
  return all;
}

}  // namespace gdbvm
