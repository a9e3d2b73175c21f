// What a machine's disks contain, as states like those of its devices.
#pragma once

#include <span>

#include "vmm/devices/device_states.h"
#include "vmm/devices/versioned_disk.h"

namespace gdbvm::snapshot {

// "disk 0" and so on. The disks outlive it.
DeviceStates disk_states(std::span<VersionedDisk* const> disks);

}  // namespace gdbvm::snapshot
