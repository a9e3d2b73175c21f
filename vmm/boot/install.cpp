// Puts a boot plan's bytes into guest memory.
#include "vmm/boot/install.h"

#include <stdexcept>

namespace gdbvm::boot {

void install(const BootPlan& plan, GuestMemory& memory) {
  for (const Placement& placement : plan.placements) {
    if (!memory.write(placement.start, placement.bytes)) {
      throw std::logic_error(fmt::format("the boot plan has bytes at {}, where there is no RAM", placement.start));
    }
  }
}

}  // namespace gdbvm::boot
