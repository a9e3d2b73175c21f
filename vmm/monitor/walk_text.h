// Page tables in words: one translation explained, and the lines of `info mem` and `info tlb` as QEMU prints them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/mapped_ranges.h"
#include "vmm/memory/page_mappings.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::monitor {

// One line for the start, one for each table passed, one for the result.
std::string walk_text(const GuestMemory& memory, const x86::SystemRegisters& system, Gva address);

// The lines of `info mem`, some at a time: the guest may run and change its tables in between.
// "ffffffff80000000-ffffffff80200000 0000000000200000 -rw": start, end, size; user, read, write. Without paging one
// line, for the 4 GiB of linear addresses.
class RangeLines final {
 public:
  static constexpr std::size_t max_lines = 1u << 16;

  explicit RangeLines(const x86::SystemRegisters& system) : system_(system) {}

  // The next lines, until `pause`, which is asked after each range, or until all are there.
  std::string more(const GuestMemory& memory, const std::function<bool()>& pause);
  bool done() const { return done_; }

 private:
  void add(const MappedRange& range, std::string& text);
  void flush(std::string& text);

  x86::SystemRegisters system_;
  std::uint64_t next_ = 0;
  std::optional<MappedRange> last_;  // which the next may join
  std::size_t lines_ = 0;
  bool done_ = false;
};

// "ffffffff80000000: 0000000000000000 -GPDA---W": virtual and physical address; NX (X), global, large (P), dirty,
// accessed, PCD (C), PWT (T), user, writable, as the last entry has them.
std::string page_line(const PageMapping& page);

}  // namespace gdbvm::monitor
