// The whole machine at one moment as a value: CPUs, clock, devices, disks and RAM; taken from it and put back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vmm/devices/versioned_disk.h"
#include "vmm/machine/machine.h"
#include "vmm/snapshot/ram_snapshots.h"

namespace gdbvm::snapshot {

struct MachineSnapshot {
  std::vector<std::byte> states;  // of the chipset's DeviceStates
  std::vector<DiskContents> disks;
  RamImage ram;
};

// No vCPU is in a turn, and all have finished their last instruction.
class MachineSnapshots final {
 public:
  // The machine outlives it.
  explicit MachineSnapshots(Machine& machine)
      : machine_(machine), ram_(machine.memory(), machine.slots(), machine.vm()) {}

  // Throws StateError, and has changed nothing, if a CPU is in the middle of an instruction.
  MachineSnapshot take();
  // One of this machine's. Guest memory is all the guest's own afterwards: what a debugger had planted is gone. Throws
  // StateError, and has changed nothing, if a disk's file cannot be written.
  void put_back(const MachineSnapshot& snapshot);
  // RAM contains what it did then.
  bool ram_is(const RamImage& image) { return ram_.same(ram_.take(), image); }
  // Of the pages that contain something else now.
  std::uint64_t hash_of_changes(const RamImage& since) { return ram_.hash_of_changes(since, ram_.take()); }
  RamSnapshots& ram() { return ram_; }
  // RAM that all snapshots keep, together.
  std::uint64_t kept_bytes() const { return ram_.kept_bytes(); }
  // Some snapshot has gone: without any, the guest's writes are not tracked any more.
  void rest() { ram_.rest(); }

 private:
  Machine& machine_;
  RamSnapshots ram_;
};

}  // namespace gdbvm::snapshot
