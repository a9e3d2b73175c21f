// The files of a Linux guest's modules, for a debugger.
#pragma once

#include <optional>
#include <string>

#include "vmm/debug/linux/kernel_modules.h"
#include "vmm/debug/program/debug_files.h"

namespace gdbvm {

// The .ko files in `directory` and its subdirectories, without following symbolic links; nullopt if `directory` is
// empty. Throws SetupError where there are none, where two have the same name, and where the kernel's symbols do not
// lead to its modules.
std::optional<KernelModules::Source> module_source(const std::string& directory, const DebugFiles& files);

}  // namespace gdbvm
