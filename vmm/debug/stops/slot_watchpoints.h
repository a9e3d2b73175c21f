// Watched physical ranges guarded by memory slots: writes to read-only pages and accesses to absent ones leave the
// guest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vmm/debug/guest/software_breakpoints.h"
#include "vmm/debug/stops/watched_range.h"
#include "vmm/hypervisor/exit.h"
#include "vmm/machine/slot_table.h"

namespace gdbvm {

// What an exit reads from; nullopt: it is not a read.
std::optional<Gpa> read_address(const Exit& exit);

// Plays the memory behind guarded pages. No vCPU is in a turn while the set changes; answer() may be called by several
// at once.
class SlotWatchpoints final {
 public:
  SlotWatchpoints(GuestMemory& memory, SlotTable& slots, SoftwareBreakpoints& planted)
      : memory_(memory), slots_(slots), planted_(planted) {}

  // Replaces the guarded ranges and changes the VM's slots to match. false: not enough slots; nothing has changed.
  [[nodiscard]] bool guard(std::span<const WatchedRange> ranges, Vm& vm);
  // While open, every page is ordinary memory: for instructions that KVM cannot emulate on a guarded page.
  void open(Vm& vm);
  void close(Vm& vm);
  // Runs f while they are open; they are closed again even if the host fails at it.
  template <class F>
  auto opened(Vm& vm, F&& f) {
    open(vm);
    try {
      auto result = f();
      close(vm);
      return result;
    } catch (...) {
      close(vm);
      throw;
    }
  }
  bool any() const { return !ranges_.empty(); }

  // Carries out an access that left the guest because of a guard; nullopt: it is none of ours.
  std::optional<WatchedAccess> answer(const exits::Mmio& mmio);
  // The access touches a guarded page.
  bool guards(Gpa address) const;
  std::span<const WatchedRange> ranges() const { return ranges_; }

 private:
  GuestMemory& memory_;
  SlotTable& slots_;
  SoftwareBreakpoints& planted_;
  std::vector<WatchedRange> ranges_;
  std::vector<ProtectedRange> protections_;  // whole pages, disjoint, ascending
};

}  // namespace gdbvm
