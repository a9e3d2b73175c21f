#include "vmm/snapshot/disk_states.h"

#include <fmt/format.h>

namespace gdbvm::snapshot {

DeviceStates disk_states(std::span<VersionedDisk* const> disks) {
  DeviceStates states;
  for (std::size_t i = 0; i < disks.size(); ++i) states.add(fmt::format("disk {}", i), *disks[i]);
  return states;
}

}  // namespace gdbvm::snapshot
