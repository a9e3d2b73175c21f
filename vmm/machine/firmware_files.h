// The files in which a machine is described to its firmware.
#pragma once

#include <vector>

#include "vmm/devices/fw_cfg.h"

namespace gdbvm {

struct FirmwareNeeds {
  unsigned cpus = 1;
  std::uint64_t memory = 0;  // bytes, laid out like GuestMemory's
  unsigned virtio_devices = 0;
};

// As SeaBIOS and OVMF expect them in fw_cfg: the memory map and the ACPI tables.
std::vector<FwCfg::File> firmware_files(const FirmwareNeeds& needs);

}  // namespace gdbvm
