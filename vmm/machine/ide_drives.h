// The drives at a machine's IDE cables.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "vmm/devices/ide/controller.h"
#include "vmm/machine/disk.h"

namespace gdbvm {

// Places on the cables: the first channel's two, then the second's.
inline constexpr unsigned ide_places = ide::Controller::channels * ide::Controller::drives;

// Where each of these disks goes, in their order; nullopt: not to IDE. The first CD-ROM is the second channel's first
// drive, as PCs have it; all others take the places that are left, from the first on. Throws std::runtime_error with a
// sentence if there are more than places.
std::vector<std::optional<unsigned>> ide_places_of(std::span<const Disk> disks);

using IdeDrives = std::array<std::unique_ptr<ide::Drive>, ide_places>;
// nullptr: nothing is there. Throws as VersionedDisk does, and as above.
IdeDrives ide_drives(std::span<const Disk> disks);

}  // namespace gdbvm
