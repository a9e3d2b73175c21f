// A file on this host as the readers of symbols want it.
#pragma once

#include <string>

#include "vmm/symbols/elf_file.h"

namespace gdbvm {

// Nothing is read of a file that cannot be opened.
symbols::ReadAt reader_of(const std::string& path);

}  // namespace gdbvm
