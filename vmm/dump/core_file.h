// A core file of the whole guest.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "gdbstub/types.h"
#include "vmm/dump/core_notes.h"
#include "vmm/dump/core_segments.h"

namespace gdbvm::dump {

struct Core {
  CoreClass core_class;
  std::vector<std::uint8_t> notes;
  std::span<const CoreSegment> segments;
};

// Reads RAM as the guest knows it; all of `out` lies in one region.
using ReadPhysical = std::function<void(Gpa from, std::span<std::uint8_t> out)>;

// ELF, ET_CORE: PT_NOTE, a PT_LOAD for each segment, and RAM as it is, once, with holes where it is zero. What was at
// `path` stays until the new file is whole, and only a core that gdbvm has written is replaced (see NewFile). With more
// segments than e_phnum counts, their number is in section header 0.
gdbstub::Result<> write_core(const std::string& path, const Core& core, const GuestMemory& memory,
                             const ReadPhysical& read);

}  // namespace gdbvm::dump
