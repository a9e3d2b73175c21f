// The slide of a Linux kernel that chooses its address at boot (KASLR): how far it runs from its link address.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// Before Linux runs at its own addresses, it maps its image into the part of the address space reserved for it
// (KERNEL_IMAGE_SIZE), from the image's first byte on and nothing below it; the decompressor's page tables map nothing
// there. So the first thing mapped is the kernel. User page tables may map only a part of it (page-table isolation),
// so only CPUs at CPL 0 are looked at.
class KernelSlide final {
 public:
  static constexpr Gva space_begin{0xffffffff80000000}, space_end{0xffffffffc0000000};

  // `linked`: where the image begins without a slide. nullopt: the guest is not such a kernel, and nothing is found.
  explicit KernelSlide(std::optional<Gva> linked) : linked_(linked) {}

  std::optional<Gva> linked() const { return linked_; }
  // nullopt: not known yet.
  std::optional<std::uint64_t> bytes() const;
  // It can still be found.
  bool wanted() const { return linked_ && bytes_ == unknown; }
  // Looks at a CPU that is not running. true, for one caller only: the slide has just become known.
  bool look(const GuestMemory& memory, const x86::SystemRegisters& system);
  // It is that, or not known. No look() may be under way.
  void set(std::optional<std::uint64_t> bytes) { bytes_ = bytes.value_or(unknown); }

 private:
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};

  std::optional<Gva> linked_;
  std::atomic<std::uint64_t> bytes_{unknown};
};

}  // namespace gdbvm
