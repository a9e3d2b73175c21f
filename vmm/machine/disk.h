// A disk of the machine's, as the command line and snapshots name it.
#pragma once

#include <cstdint>
#include <string>

#include "vmm/devices/versioned_disk.h"

namespace gdbvm {

// What the guest finds the disk at. Auto: IDE if a firmware starts, which has no other driver, else virtio. A floppy
// stands in no drive: the firmware gets its bytes and keeps them in the guest's memory.
enum class DiskBus : std::uint8_t { Auto, Virtio, Ide, Cdrom, Floppy };

// A file or block device of the host's as a disk.
struct Disk {
  std::string path;
  DiskMode mode = DiskMode::ReadWrite;
  DiskBus bus = DiskBus::Auto;
  bool operator==(const Disk&) const = default;
};

}  // namespace gdbvm
