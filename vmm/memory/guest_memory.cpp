// Guest RAM and ROM by mmap, and bounds-checked ways into it.
#include "vmm/memory/guest_memory.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

#include <fmt/format.h>
#include <sys/mman.h>

#include "vmm/memory/page_set.h"

namespace gdbvm {

namespace {
std::system_error failure(int error, const char* call, std::uint64_t size) {
  return {error, std::generic_category(), fmt::format("{} of {} MiB of guest RAM", call, size >> 20)};
}
}  // namespace

GuestMemory::GuestMemory(std::uint64_t size, const std::function<void(std::string_view)>& observe,
                         std::optional<Range> display)
    : size_(size), display_size_(display ? display->size : 0), observe_(observe) {
  if (size == 0 || size % page_size != 0 || display_size_ % page_size != 0) throw failure(EINVAL, "mmap", size);
  map();
  const std::uint64_t low = std::min(size, ram_hole_start.value);
  writable_.push_back({Gpa{0}, low, host_});
  if (size > low) writable_.push_back({ram_hole_end, size - low, host_ + low});
  if (display) writable_.push_back({display->start, display->size, host_ + size});
}

// Where RAM is already, once it is anywhere: pointers into it stay what they are.
void GuestMemory::map() {
  const bool anonymous = !file_;
  const int flags = MAP_PRIVATE | MAP_NORESERVE | (anonymous ? MAP_ANONYMOUS : 0) | (host_ ? MAP_FIXED : 0);
  const std::uint64_t size = mapped_size();
  void* address = ::mmap(host_, size, PROT_READ | PROT_WRITE, flags, file_.get(), static_cast<off_t>(file_offset_));
  if (address == MAP_FAILED) throw failure(errno, "mmap", size);
  host_ = static_cast<std::byte*>(address);
  if (written_) written_->insert_all();
  if (observe_) {
    const std::string from = anonymous ? "|ANONYMOUS" : "";
    const std::string file = anonymous ? "" : fmt::format(", fd={}, offset={:#x}", file_.get(), file_offset_);
    observe_(fmt::format("mmap(guest RAM, size={:#x}, PRIVATE{}|NORESERVE{}) = {}", size, from, file, address));
  }
  const int advised = ::madvise(host_, size, MADV_MERGEABLE);  // a kernel without KSM says EINVAL: nothing is lost
  if (observe_) observe_(fmt::format("madvise({}, size={:#x}, MERGEABLE) = {}", address, size, advised));
}

void GuestMemory::map_file(Fd file, std::uint64_t offset) {
  file_ = std::move(file);
  file_offset_ = offset;
  map();
}

GuestMemory::~GuestMemory() {
  ::munmap(host_, mapped_size());
  for (const Region& rom : roms_) ::munmap(rom.host, rom.size);
}

void GuestMemory::add_rom(Gpa start, std::uint64_t size) {
  if (size == 0 || size % page_size != 0) throw failure(EINVAL, "mmap", size);
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) throw failure(errno, "mmap", size);
  roms_.push_back({start, size, static_cast<std::byte*>(address)});
}

const GuestMemory::Region* GuestMemory::region_of(Gpa address) const {
  for (const auto* regions : {&writable_, &roms_}) {
    for (const Region& region : *regions) {
      if (region.contains(address)) return &region;
    }
  }
  return nullptr;
}

bool GuestMemory::is_rom(Gpa address) const {
  return std::ranges::any_of(roms_, [&](const Region& rom) { return rom.contains(address); });
}

std::byte* GuestMemory::at(Gpa start, std::uint64_t length) const {
  const Region* region = region_of(start);
  if (!region) return nullptr;
  const std::uint64_t offset = start - region->start;
  return std::max<std::uint64_t>(length, 1) <= region->size - offset ? region->host + offset : nullptr;
}

std::size_t GuestMemory::read(Gpa start, std::span<std::uint8_t> out) const {
  const Region* region = region_of(start);
  if (!region) return 0;
  const std::uint64_t offset = start - region->start;
  const std::size_t length = std::min<std::uint64_t>(out.size(), region->size - offset);
  std::ranges::copy(std::span(region->host + offset, length), std::as_writable_bytes(out).begin());
  return length;
}

std::size_t GuestMemory::read_own(Gpa start, std::span<std::uint8_t> out) const {
  const std::size_t done = read(start, out);
  if (planted_) planted_->hide(start, out.first(done));
  return done;
}

bool GuestMemory::write(Gpa start, std::span<const std::uint8_t> bytes) {
  std::byte* host = at(start, bytes.size());
  if (!host) return false;
  std::ranges::copy(std::as_bytes(bytes), host);
  note_written(start, bytes.size());
  return true;
}

void GuestMemory::replace_page(std::uint64_t number, std::span<const std::byte, page_size> own) {
  std::ranges::copy(own, page(number));
  if (planted_) planted_->replant(address_of(number), page_size);
}

std::uint64_t GuestMemory::number_of(Gpa address) const {
  const Region& region = *region_of(address);
  return (static_cast<std::uint64_t>(region.host - host_) + (address - region.start)) / page_size;
}

Gpa GuestMemory::address_of(std::uint64_t number) const {
  const std::byte* const host = page(number);
  const auto has = [&](const Region& each) { return static_cast<std::uint64_t>(host - each.host) < each.size; };
  const auto region = std::ranges::find_if(writable_, has);
  return region->start + static_cast<std::uint64_t>(host - region->host);
}

void GuestMemory::note_writes(bool wanted) { written_ = wanted ? std::make_unique<PageSet>(pages()) : nullptr; }

void GuestMemory::note_pages(Gpa start, std::uint64_t size) {
  if (is_rom(start)) return;
  const std::uint64_t last = number_of(start + (size - 1));
  for (std::uint64_t number = number_of(start); number <= last; ++number) written_->insert(number);
}

void GuestMemory::clear() {
  if (!file_) return give_pages_back();
  file_ = Fd();
  file_offset_ = 0;
  map();
}

void GuestMemory::start_over() { give_pages_back(); }

// Private pages come back as what they were mapped from once they have been given away.
void GuestMemory::give_pages_back() {
  if (::madvise(host_, mapped_size(), MADV_DONTNEED) < 0) throw failure(errno, "madvise(DONTNEED)", mapped_size());
  if (written_) written_->insert_all();
}

}  // namespace gdbvm
