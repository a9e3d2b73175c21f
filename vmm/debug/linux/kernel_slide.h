// How far from its link address a Linux kernel runs that chooses its place at boot (KASLR).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "vmm/memory/guest_memory.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// Linux maps its image, from its first byte on and nothing before it, into the part of the address space that it keeps
// for that (KERNEL_IMAGE_SIZE) before it runs there. The decompressor's page tables have nothing there. So the first
// thing mapped is the kernel. User page tables may map some of it only (page-table isolation): CPL 0 alone is asked.
class KernelSlide final {
 public:
  static constexpr Gva space_begin{0xffffffff80000000}, space_end{0xffffffffc0000000};

  // `linked`: where the image begins if it does not move. nullopt: the guest is no such kernel, and nothing is found.
  explicit KernelSlide(std::optional<Gva> linked) : linked_(linked) {}

  std::optional<Gva> linked() const { return linked_; }
  // nullopt: not known yet.
  std::optional<std::uint64_t> offset() const;
  // It can still be found.
  bool wanted() const { return linked_ && offset_ == unknown; }
  // Looks at a CPU that does not run. true, for one caller alone: it has just become known.
  bool look(const GuestMemory& memory, const x86::SystemRegisters& system);
  // The machine starts over. Nobody may be looking.
  void forget() { offset_ = unknown; }

 private:
  static constexpr std::uint64_t unknown = ~std::uint64_t{0};

  std::optional<Gva> linked_;
  std::atomic<std::uint64_t> offset_{unknown};  // bytes
};

}  // namespace gdbvm
