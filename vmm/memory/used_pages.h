// Which pages of RAM there are at all: most of a large RAM is zeros that cost nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/host/fd.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

class UsedPages final {
 public:
  // `memory` outlives this.
  explicit UsedPages(const GuestMemory& memory);

  struct Run {
    Gpa start;
    std::uint64_t size;  // whole pages
    bool operator==(const Run&) const = default;
  };
  // The pages of [start, start + size) that may contain anything else than zeros, in ascending order; those next to
  // each other are one run. Nothing is read and no page comes into being by this. The range is whole pages of one
  // region.
  std::vector<Run> in(Gpa start, std::uint64_t size) const;

 private:
  const GuestMemory& memory_;
  Fd pagemap_;
};

}  // namespace gdbvm
