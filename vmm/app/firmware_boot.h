// Which firmware boots what: a disk's, a floppy's or a CD's image needs one.
#pragma once

#include <string>
#include <vector>

#include "vmm/app/options/guest.h"
#include "vmm/devices/fw_cfg.h"

namespace gdbvm {

// Where Debian's package has SeaBIOS, the larger of its two builds first.
std::vector<std::string> usual_firmware();

// The options as they are after a look at IMAGE: one that a firmware boots is the first of the disks, `bios` is the
// firmware's file, and each disk is at a bus. `places` is where a firmware may be that is not named. Throws SetupError
// with a sentence.
GuestOptions with_firmware(GuestOptions options, const std::vector<std::string>& places = usual_firmware());

// What firmware that starts is told beside what every machine has: what it boots, and where its text goes.
std::vector<FwCfg::File> firmware_extras(const GuestOptions& options);

// All that firmware is told: what every machine has, and the extras.
std::vector<FwCfg::File> files_for_firmware(const GuestOptions& options, std::size_t virtio_devices);

}  // namespace gdbvm
