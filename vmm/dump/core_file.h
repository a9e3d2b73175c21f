// A core file of the whole guest.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "gdbstub/piece.h"
#include "vmm/dump/core_notes.h"
#include "vmm/dump/core_segments.h"
#include "vmm/host/new_file.h"

namespace gdbvm::dump {

struct Core {
  CoreClass core_class;
  std::vector<std::uint8_t> notes;
  std::span<const CoreSegment> segments;
};

// Reads RAM as the guest knows it; all of `out` lies in one region.
using ReadPhysical = std::function<void(Gpa from, std::span<std::uint8_t> out)>;

// ELF, ET_CORE: PT_NOTE, a PT_LOAD for each segment, and RAM as it is, once, with holes where it is zero. It is written
// in pieces. What was at its path stays until it is whole, only a core that gdbvm has written is replaced, and nothing
// is left of one that is not finished (see NewFile). With more segments than e_phnum counts, their number is in section
// header 0.
class CoreFile final {
 public:
  static gdbstub::Result<CoreFile> beside(const std::string& path, const GuestMemory& memory, ReadPhysical read);

  // Everything before RAM; once, before more().
  gdbstub::Result<> write_headers(const Core& core);
  // RAM, until `pause`, which is asked after each MiB. Done: the file is at its path.
  gdbstub::Result<gdbstub::Progress> more(const std::function<bool()>& pause);

 private:
  CoreFile(NewFile file, std::string path, const GuestMemory& memory, ReadPhysical read)
      : file_(std::move(file)), path_(std::move(path)), memory_(memory), read_(std::move(read)) {}
  gdbstub::Error failure() const;
  gdbstub::Result<gdbstub::Progress> finish();

  NewFile file_;
  std::string path_;
  const GuestMemory& memory_;
  ReadPhysical read_;
  std::size_t region_ = 0;
  std::uint64_t at_ = 0;      // in the region
  std::uint64_t offset_ = 0;  // in the file, of the region
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(std::size_t{1} << 20);
};

}  // namespace gdbvm::dump
