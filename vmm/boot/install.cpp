// One copy for each placement.
#include "vmm/boot/install.h"

#include <stdexcept>

namespace gdbvm::boot {

void install(const BootPlan& plan, GuestMemory& memory) {
  const auto put = [&](const Placement& placement) {
    if (memory.write(placement.start, placement.bytes)) return;
    throw std::logic_error(fmt::format("the boot plan has bytes at {}, where there is no memory", placement.start));
  };
  for (const Placement& placement : plan.placements) put(placement);
  if (plan.rom) put(*plan.rom);
}

}  // namespace gdbvm::boot
