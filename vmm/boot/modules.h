// Modules in guest memory: a kernel's initrd, or the files of a multiboot kernel.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

struct PlacedModule {
  Gpa start;
  std::uint64_t size;
  std::string command_line;
};

// Each at a page of its own below 4 GiB, at `first` and after it as far as there is room.
std::expected<std::vector<PlacedModule>, ImageError> place_modules(BootPlan& plan, RamPlan& ram,
                                                                   const LoadOptions& options, Gpa first);

// All modules as one initrd, as Linux takes several archives: one after another. It lies as high as `limit`, which
// it must not reach beyond, and RAM allow. Without modules: size 0.
std::expected<PlacedModule, ImageError> place_initrd(BootPlan& plan, RamPlan& ram, const LoadOptions& options,
                                                     std::uint64_t limit);

}  // namespace gdbvm::boot
