// The machine's virtio devices, by the options.
#pragma once

#include <memory>
#include <vector>

#include "vmm/app/options.h"
#include "vmm/devices/virtio/device.h"

namespace gdbvm {

// The disks in their order, and then the source of entropy, which every machine has. Throws as DiskImage does.
std::vector<std::unique_ptr<virtio::Device>> virtio_devices(const Options& options);

}  // namespace gdbvm
