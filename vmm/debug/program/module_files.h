// The files of a Linux guest's modules, for a debugger.
#pragma once

#include <optional>
#include <string>

#include "vmm/debug/linux/kernel_modules.h"
#include "vmm/debug/program/debug_files.h"

namespace gdbvm {

// The .ko files in `directory` and below, whose symbolic links are not followed; nullopt if `directory` is empty.
// Throws SetupError where there are none or two of one name, and where the kernel's symbols do not tell of its modules.
std::optional<KernelModules::Source> module_source(const std::string& directory, const DebugFiles& files);

}  // namespace gdbvm
