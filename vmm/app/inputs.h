// What the options name, read and checked.
#pragma once

#include <memory>
#include <vector>

#include "vmm/app/options/options.h"
#include "vmm/boot/boot_plan.h"
#include "vmm/debug/program/debug_files.h"
#include "vmm/devices/fw_cfg.h"
#include "vmm/machine/ide_drives.h"
#include "vmm/machine/virtio_devices.h"
#include "vmm/snapshot/saved_machine.h"

namespace gdbvm {

// Made before there is a VM, so that what is bad leaves nothing behind.
struct Inputs {
  // `saved`: what the guest goes on from; nullptr: its image is booted. Throws SetupError.
  Inputs(const Options& options, const snapshot::SavedMachine* saved);

  std::vector<std::unique_ptr<virtio::Device>> virtio;
  IdeDrives ide;
  std::vector<FwCfg::File> firmware_files;
  boot::BootPlan plan;
  DebugFiles files;
};

}  // namespace gdbvm
