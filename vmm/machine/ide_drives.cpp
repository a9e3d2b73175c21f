#include "vmm/machine/ide_drives.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "vmm/devices/ide/ata_disk.h"
#include "vmm/devices/ide/cdrom.h"

namespace gdbvm {

std::vector<std::optional<unsigned>> ide_places_of(std::span<const Disk> disks) {
  constexpr unsigned second_channel = ide::Controller::drives;
  const auto is_ide = [](const Disk& disk) { return disk.bus == DiskBus::Ide || disk.bus == DiskBus::Cdrom; };
  const auto wanted = std::ranges::count_if(disks, is_ide);
  if (wanted > ide_places) {
    throw std::runtime_error(fmt::format("IDE has room for {} disks, not {}", ide_places, wanted));
  }
  std::vector<std::optional<unsigned>> places(disks.size());
  std::array<bool, ide_places> taken{};
  const auto first_cd = std::ranges::find(disks, DiskBus::Cdrom, &Disk::bus);
  if (first_cd != disks.end()) {
    places[static_cast<std::size_t>(first_cd - disks.begin())] = second_channel;
    taken[second_channel] = true;
  }
  for (std::size_t i = 0; i < disks.size(); ++i) {
    if (!is_ide(disks[i]) || places[i]) continue;
    const auto* const free = std::ranges::find(taken, false);
    places[i] = static_cast<unsigned>(free - taken.begin());
    taken[*places[i]] = true;
  }
  return places;
}

IdeDrives ide_drives(std::span<const Disk> disks) {
  const auto places = ide_places_of(disks);
  IdeDrives drives;
  for (std::size_t i = 0; i < disks.size(); ++i) {
    if (!places[i]) continue;
    const Disk& disk = disks[i];
    if (disk.bus == DiskBus::Cdrom) {
      drives[*places[i]] = std::make_unique<ide::Cdrom>(disk.path);
    } else {
      drives[*places[i]] = std::make_unique<ide::AtaDisk>(disk.path, disk.mode);
    }
  }
  return drives;
}

}  // namespace gdbvm
