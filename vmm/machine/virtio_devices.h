// The virtio devices that a machine has.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "vmm/devices/virtio/device.h"
#include "vmm/machine/disk.h"

namespace gdbvm {

// The disks that are virtio's, in their order, and then the source of entropy, which every machine has. Throws as
// VersionedDisk does.
std::vector<std::unique_ptr<virtio::Device>> virtio_devices(std::span<const Disk> disks);

}  // namespace gdbvm
