// Waits for a Linux kernel that chooses its address at boot, and moves the library point along with it.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "vmm/debug/linux/kernel_slide.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/hypervisor/vm.h"

namespace gdbvm {

// Before such a kernel runs at its own addresses it writes to EFER, so until its slide is known these writes leave the
// guest, and whoever sees one calls look(). All but look(), found() and the library events belong to the debugger's
// thread while no vCPU is in a turn.
class SlideWatch final {
 public:
  SlideWatch(Vm& vm, const GuestMemory& memory, std::optional<Gva> linked);

  const KernelSlide& slide() const { return slide_; }
  bool wanted() const { return slide_.wanted(); }
  // Looks at a CPU that is not in the guest. true, for one caller only: the slide has just become known.
  bool look(Vcpu& vcpu);
  // The machine starts over, or is put back to where that slide was known.
  void restore(std::optional<std::uint64_t> known);

  // The client learns of the slide by stop::LibrariesChanged. Otherwise its breakpoints on the kernel's link addresses,
  // which would never be hit, cause a stop with a message.
  void set_library_events(bool on) { library_events_ = on; }
  bool library_events() const { return library_events_; }

  // Where the kernel passes after loading a module, as it is linked; nullopt: nowhere.
  void set_library_point(std::optional<Gva> linked) { library_point_ = linked; }
  // The same where the kernel runs. Until that is known it may be where it was linked for.
  std::optional<Gva> library_point() const;

  // A breakpoint at this address means the kernel as it was linked.
  bool is_link_address(Gva address) const;
  // What the user is told of a breakpoint that the kernel has moved away from.
  std::string describe_missed(Gva breakpoint) const;

 private:
  Vm& vm_;
  const GuestMemory& memory_;
  KernelSlide slide_;
  std::atomic<bool> library_events_{false};
  std::optional<Gva> library_point_;  // as linked
};

}  // namespace gdbvm
