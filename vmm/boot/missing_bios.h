// What stands for the BIOS in real mode without one: a guest that calls it learns that the call has failed, and the
// user that there is none.
#pragma once

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/ram_plan.h"

namespace gdbvm::boot {

// Sets the vectors of the BIOS's services, int 10h to 1ah, and puts a handler where they point. It writes `int n`, the
// two bytes before the address it returns to, to wiring::missing_bios_port, and sets the carry flag. Nothing is placed
// if the image lies at one of the two places or there is no RAM.
void place_missing_bios(BootPlan& plan, RamPlan& ram);

}  // namespace gdbvm::boot
