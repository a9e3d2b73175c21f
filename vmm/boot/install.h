// Puts a boot plan's bytes into guest memory.
#pragma once

#include "vmm/boot/boot_plan.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm::boot {

// `memory` has the plan's ROM and is of the size the plan was made for, and reads zero elsewhere. Throws
// std::logic_error if it is not.
void install(const BootPlan& plan, GuestMemory& memory);

}  // namespace gdbvm::boot
