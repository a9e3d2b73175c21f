// A CPU's registers as QEMU's `info registers` prints them: scripts look for "RIP=", "CR3=", "GDT=" and the like.
#pragma once

#include <string>

#include "vmm/machine/processor.h"

namespace gdbvm::monitor {

std::string register_text(Processor& vcpu);

}  // namespace gdbvm::monitor
