// Bytes that are not the guest's, in guest memory for the while: a debugger's breakpoints.
#pragma once

#include <cstdint>
#include <span>

#include "vmm/memory/address.h"

namespace gdbvm {

// Known to GuestMemory, so that devices and snapshots have the guest's own. Which there are changes while no vCPU is in
// a turn.
class PlantedBytes {
 public:
  virtual ~PlantedBytes() = default;
  // Puts the guest's bytes back in a copy of what lies at `start`.
  virtual void hide(Gpa start, std::span<std::uint8_t> copy) const = 0;
  // [start, start + size) has been replaced by bytes of the guest: plants again, with those beneath.
  virtual void replant(Gpa start, std::uint64_t size) = 0;
};

}  // namespace gdbvm
