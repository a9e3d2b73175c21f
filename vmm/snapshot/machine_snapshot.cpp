#include "vmm/snapshot/machine_snapshot.h"

namespace gdbvm::snapshot {

MachineSnapshot MachineSnapshots::take() {
  StateWriter states;
  machine_.chipset().states.save(states);
  std::vector<DiskContents> disks;
  for (VersionedDisk* disk : machine_.chipset().disks) disks.push_back(disk->contents());
  return {states.bytes(), std::move(disks), ram_.take()};
}

// Disks first: they alone may fail, as their files are the host's.
void MachineSnapshots::put_back(const MachineSnapshot& snapshot) {
  const auto& disks = machine_.chipset().disks;
  std::vector<DiskContents> before;
  try {
    for (std::size_t i = 0; i < disks.size(); ++i) {
      DiskContents present = disks[i]->contents();
      disks[i]->set_contents(snapshot.disks[i]);
      before.push_back(std::move(present));
    }
  } catch (const StateError&) {
    for (std::size_t i = 0; i < before.size(); ++i) disks[i]->set_contents(before[i]);
    throw;
  }
  StateReader states(snapshot.states);
  machine_.chipset().states.restore_own(states);
  ram_.put_back(snapshot.ram);
  machine_.forget_requests();
}

}  // namespace gdbvm::snapshot
