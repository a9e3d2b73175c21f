// Which memory slots a VM has: RAM and ROM, cut where pages are write-protected or taken out for the debugger.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "vmm/hypervisor/vm.h"
#include "vmm/memory/address.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

// What the guest may do with a page without leaving to us as exits::Mmio. Where ranges overlap, the stricter holds.
enum class PageAccess { ReadOnly, Absent };
struct ProtectedRange {
  Gpa start;           // both are widened to whole pages
  std::uint64_t size;  // bytes
  PageAccess access;
  bool operator==(const ProtectedRange&) const = default;
};

// A piece of guest-physical memory that needs its own slot.
struct SlotPiece {
  Gpa start;
  std::uint64_t size;
  std::byte* host;
  bool read_only;
  bool operator==(const SlotPiece&) const = default;
};

// The fewest pieces that cover `memory` (disjoint) except for what is absent, in ascending order.
std::vector<SlotPiece> cut(std::span<const SlotPiece> memory, std::span<const ProtectedRange> protections);

// What leads from one set of slots to another: all of `remove`, then all of `set`. Unchanged slots are in neither.
struct SlotChange {
  std::vector<SlotId> remove;
  std::vector<MemorySlot> set;
};
// New slots take the lowest free ids. `wanted` has at most as many pieces as there are ids.
SlotChange difference(std::span<const MemorySlot> present, std::span<const SlotPiece> wanted);

class SlotTable final {
 public:
  // What the guest may write of `memory`, unprotected; nothing is given to a VM before apply().
  SlotTable(GuestMemory& memory, unsigned max_slots);

  // Page-aligned, outside RAM; `host` outlives the table. The guest reads it, its writes leave as exits::Mmio.
  void add_rom(Gpa start, std::uint64_t size, std::byte* host);
  struct Rom {
    Gpa start;
    std::uint64_t size;
  };
  std::vector<Rom> roms() const;

  // Replaces all protections; effective at apply(). false: they would need more slots than there are; nothing changes.
  [[nodiscard]] bool protect(std::span<const ProtectedRange> protections);

  // Makes the VM's slots those of this table. No vCPU may be running.
  void apply(Vm& vm);
  // Which pages of RAM are written is noted in memory.written() from now on, or no longer: also by the guest. No vCPU
  // may be running, as for the next.
  void track_writes(Vm& vm, bool wanted);
  // Adds what the guest has written since the last call; false: nothing. Nothing is lost when slots change between two
  // calls. KVM protects what was written again, and so empties the vCPUs' TLBs if there was anything.
  bool collect_written(Vm& vm);
  // Makes KVM empty them while writes are tracked, and keeps its page tables, unlike Vm::drop_translations().
  void flush_tlbs(Vm& vm);

  // The slots that the VM has since the last apply().
  std::span<const MemorySlot> slots() const { return slots_; }

 private:
  bool collect_written(Vm& vm, const MemorySlot& slot);

  GuestMemory& ram_;
  std::vector<SlotPiece> memory_;  // RAM and ROM, uncut
  std::vector<ProtectedRange> protections_;
  std::vector<SlotPiece> wanted_;
  std::vector<MemorySlot> slots_;
  unsigned max_slots_;
  bool tracking_ = false;
  std::vector<std::uint64_t> log_;  // of one slot, as Vm fills it
};

}  // namespace gdbvm
