// Which pieces of memory a core file shows, and where: virtual addresses for gdb, physical ones for crash and drgn.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/page_mappings.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::dump {

struct CoreSegment {
  std::uint64_t address;  // where gdb finds it
  Gpa physical;           // RAM, all of one region
  std::uint64_t size;
  bool operator==(const CoreSegment&) const = default;
};

// RAM that no page table maps is at this distance from its physical address: no CPU can form such addresses.
inline constexpr std::uint64_t physical_window = std::uint64_t{1} << 63;

struct CoreMap {
  std::vector<CoreSegment> segments;
  std::uint64_t left_out = 0;  // mappings beyond what a walk visits or a core file holds
};

// What each CPU's page tables map to RAM; where they differ, the first CPU's view holds. After them, with a window,
// comes the RAM that none of them maps, so that every byte of RAM is in some segment. Without paging on any CPU: all of
// RAM, at its physical address. As page tables may map one page for ever, the walk is done in pieces.
class CoreWalk final {
 public:
  enum class Unmapped { LeaveOut, Window };

  CoreWalk(const GuestMemory& memory, const std::vector<x86::SystemRegisters>& spaces, Unmapped unmapped);

  // Goes on until `pause`, which is asked now and then. true: that was all.
  bool more(const std::function<bool()>& pause);
  CoreMap take_map();  // once it is complete

 private:
  static constexpr std::size_t pages_at_once = 256;  // between two questions

  bool more_of(PageWalk& walk, const std::function<bool()>& pause);
  void add_page(const PageMapping& page);
  void add(std::uint64_t start, Gpa physical, std::uint64_t size);
  void put(const CoreSegment& segment);
  bool full() const;

  const GuestMemory& memory_;
  const Unmapped unmapped_;
  std::vector<PageWalk> walks_;                 // of each address space
  std::size_t walked_ = 0;                      // of them
  std::map<std::uint64_t, CoreSegment> taken_;  // disjoint, by their address
  std::uint64_t left_out_ = 0;
  std::size_t pages_ = 0;
};

// Leaves out what an ELF32 file cannot name: RAM or addresses above 4 GiB. (RAM below that is 3 GiB at most, so that
// its offsets fit.)
void keep_32_bits(CoreMap& map);

}  // namespace gdbvm::dump
