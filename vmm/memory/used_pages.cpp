// /proc/self/pagemap knows the pages that have been written (proc_pid_pagemap(5)), SEEK_DATA those of a mapped file.
#include "vmm/memory/used_pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace gdbvm {

namespace {

using Used = std::vector<bool>;  // by page of the range

// In swap or present; a host that does not tell has all.
void add_written(Used& used, int pagemap, const std::byte* host) {
  constexpr std::uint64_t in_ram = std::uint64_t{1} << 63, in_swap = std::uint64_t{1} << 62;
  std::vector<std::uint64_t> entries(used.size());
  const std::size_t size = entries.size() * sizeof entries[0];
  const auto at = static_cast<off_t>(reinterpret_cast<std::uintptr_t>(host) / page_size * sizeof entries[0]);
  if (::pread(pagemap, entries.data(), size, at) != static_cast<ssize_t>(size)) {
    std::ranges::fill(entries, in_ram);
  }
  for (std::size_t page = 0; page < used.size(); ++page) {
    if (entries[page] & (in_ram | in_swap)) used[page] = true;
  }
}

// `offset` is where in the file the range begins. A file system without holes has data everywhere.
void add_file(Used& used, int file, std::uint64_t offset) {
  const std::uint64_t end = offset + used.size() * page_size;
  std::uint64_t at = offset;
  while (at < end) {
    const off_t data = ::lseek(file, static_cast<off_t>(at), SEEK_DATA);
    if (data < 0 || static_cast<std::uint64_t>(data) >= end) return;  // ENXIO: only a hole is left
    const off_t hole = ::lseek(file, data, SEEK_HOLE);
    const std::uint64_t data_end = hole < 0 ? end : std::min(static_cast<std::uint64_t>(hole), end);
    const std::uint64_t first = (static_cast<std::uint64_t>(data) - offset) / page_size;
    const std::uint64_t last = (data_end - offset + page_size - 1) / page_size;
    for (std::uint64_t page = first; page < last; ++page) used[page] = true;
    at = std::max(data_end, at + page_size);
  }
}

}  // namespace

UsedPages::UsedPages(const GuestMemory& memory)
    : memory_(memory), pagemap_(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}

std::vector<UsedPages::Run> UsedPages::in(Gpa start, std::uint64_t size) const {
  Used used(size / page_size);
  const std::byte* host = memory_.at(start, size);
  add_written(used, pagemap_.get(), host);
  if (const auto backing = memory_.backing(); backing.fd >= 0) {
    const auto before = static_cast<std::uint64_t>(host - memory_.regions()[0].host);
    add_file(used, backing.fd, backing.offset + before);
  }
  std::vector<Run> runs;
  for (std::size_t page = 0; page < used.size(); ++page) {
    if (!used[page]) continue;
    if (page == 0 || !used[page - 1]) runs.push_back({start + page * page_size, 0});
    runs.back().size += page_size;
  }
  return runs;
}

}  // namespace gdbvm
