// The CPU's first state in each mode, and the structures in guest memory that it rests on.
#pragma once

#include <cstdint>
#include <expected>
#include <span>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

// A piece of the image that is also wanted at another linear address. Multiples of 4 KiB.
struct LinearMapping {
  Gva linear;
  Gpa physical;
  std::uint64_t size;
};

// Each fills in plan.general and plan.system and adds what the state needs to plan.placements, at places that `ram`
// has free. Interrupts are off, the IDT is empty (limit 0; real mode: the vectors at 0), the stack is valid and what
// is popped off its top is 0. An error is a whole sentence about memory; `name` is the image's.

// 64-bit long mode: RAM and everything else below 4 GiB mapped to itself, `mappings` on top of that.
std::expected<void, ImageError> enter_long_mode(BootPlan& plan, RamPlan& ram, Gva entry, std::uint64_t ram_size,
                                                std::span<const LinearMapping> mappings, const std::string& name);
// What a kernel finds that takes its loader's GDT for granted in IDT gates, handlers and far returns.
enum class Selectors {
  AsQemu,  // its -kernel's: code 0x08, data 0x10; 0x18 is data as well
  AsGrub,  // GRUB 2's, and those of Linux's 32-bit entry: code 0x10, data 0x18; 0x08 is code as well
};
// 32-bit protected mode, flat segments, paging off.
std::expected<void, ImageError> enter_protected_mode(BootPlan& plan, RamPlan& ram, Gpa entry, const std::string& name,
                                                     Selectors selectors = Selectors::AsQemu);
// Real mode with CS:IP at `entry`, which is below 1 MiB: CS is 0 in the first 64 KiB, entry >> 4 above. DL is 0x80, the
// first hard disk, as a boot sector expects.
std::expected<void, ImageError> enter_real_mode(BootPlan& plan, RamPlan& ram, Gpa entry, const std::string& name);

}  // namespace gdbvm::boot
