// The slide is the distance of the first thing mapped from where it was linked to be.
#include "vmm/debug/linux/kernel_slide.h"

#include "vmm/memory/mapped_ranges.h"
#include "vmm/x86/registers.h"

namespace gdbvm {

std::optional<std::uint64_t> KernelSlide::bytes() const {
  const std::uint64_t bytes = bytes_;
  return bytes == unknown ? std::nullopt : std::optional(bytes);
}

bool KernelSlide::look(const GuestMemory& memory, const x86::SystemRegisters& system) {
  constexpr std::uint64_t alignment = 0x200000;  // of the image and of every place it may choose
  if (!wanted() || !(system.efer & x86::efer::lma) || x86::privilege_level(system) != 0) return false;
  const auto image = MappedRanges(memory, system).next(space_begin);
  if (!image || image->start >= space_end || image->start < *linked_ || !image->rights.executable) return false;
  const std::uint64_t bytes = image->start.value - linked_->value;
  std::uint64_t expected = unknown;
  return bytes % alignment == 0 && bytes_.compare_exchange_strong(expected, bytes);
}

}  // namespace gdbvm
