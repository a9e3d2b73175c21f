// A keyframe as bytes: what it has that another one has not.
#pragma once

#include "vmm/devices/state.h"
#include "vmm/history/keyframe.h"
#include "vmm/machine/machine.h"

namespace gdbvm::history {

class KeyframeDifferences final {
 public:
  // Both outlive it.
  KeyframeDifferences(Machine& machine, snapshot::RamSnapshots& ram) : machine_(machine), ram_(ram) {}

  // What the first keyframe is written and read against: RAM and disks are what the machine's are, and nothing else is
  // known.
  Keyframe blank(snapshot::RamImage ram) const;

  // Both are of this machine.
  void put(StateWriter& to, const Keyframe& before, const Keyframe& keyframe) const;
  // Throws StateError unless it is what put() wrote, against that one, and of devices such as this machine's, which it
  // leaves in that state.
  Keyframe get(StateReader& from, const Keyframe& before);

 private:
  void put_ram(StateWriter& to, const snapshot::RamImage& before, const snapshot::RamImage& after) const;
  snapshot::RamImage get_ram(StateReader& from, const snapshot::RamImage& before);
  void get_disk(StateReader& from, std::uint64_t blocks, DiskContents& into) const;

  Machine& machine_;
  snapshot::RamSnapshots& ram_;
};

}  // namespace gdbvm::history
