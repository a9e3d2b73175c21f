// CPUID leaves in words.
#pragma once

#include <span>
#include <string>

#include "vmm/x86/cpuid.h"

namespace gdbvm::monitor {

// A line of numbers for each leaf, and below it the features, the vendor or the brand that it names.
std::string cpuid_text(std::span<const x86::CpuidEntry> entries);

}  // namespace gdbvm::monitor
