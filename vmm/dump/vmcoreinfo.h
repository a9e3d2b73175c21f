// What a Linux kernel tells crash tools about itself, found in its memory.
#pragma once

#include <string>

#include "vmm/memory/guest_memory.h"

namespace gdbvm::dump {

// Linux keeps the text of its VMCOREINFO note at the start of a page: lines of KEY=VALUE that begin with OSRELEASE.
// Empty where there is none: in other guests, and in a kernel that has not got that far.
std::string find_vmcoreinfo(const GuestMemory& memory);

}  // namespace gdbvm::dump
