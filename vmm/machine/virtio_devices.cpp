#include "vmm/machine/virtio_devices.h"

#include "vmm/devices/virtio/block.h"
#include "vmm/devices/virtio/entropy.h"

namespace gdbvm {

std::vector<std::unique_ptr<virtio::Device>> virtio_devices(std::span<const Disk> disks) {
  std::vector<std::unique_ptr<virtio::Device>> devices;
  for (const Disk& disk : disks) {
    if (disk.bus == DiskBus::Virtio || disk.bus == DiskBus::Auto)
      devices.push_back(std::make_unique<virtio::Block>(disk.path, disk.mode));
  }
  devices.push_back(std::make_unique<virtio::Entropy>());
  return devices;
}

}  // namespace gdbvm
