// The virtio devices that a machine has.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vmm/devices/versioned_disk.h"
#include "vmm/devices/virtio/device.h"

namespace gdbvm {

// A file or block device of the host's as a disk.
struct Disk {
  std::string path;
  DiskMode mode = DiskMode::ReadWrite;
  bool operator==(const Disk&) const = default;
};

// The disks in their order, and then the source of entropy, which every machine has. Throws as VersionedDisk does.
std::vector<std::unique_ptr<virtio::Device>> virtio_devices(std::span<const Disk> disks);

}  // namespace gdbvm
