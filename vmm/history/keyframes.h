// Keyframes taken of a machine, and put back into it.
#pragma once

#include "vmm/history/keyframe.h"
#include "vmm/machine/machine.h"

namespace gdbvm::history {

// A machine of one CPU. Called by the CPU's owner while it is out of the guest and has finished its last instruction.
class Keyframes final {
 public:
  // Both outlive it. Named snapshots of the machine are taken by `snapshots` too.
  Keyframes(Machine& machine, snapshot::MachineSnapshots& snapshots) : machine_(machine), snapshots_(snapshots) {}

  // Throws StateError if the CPU is in the middle of an instruction.
  Keyframe take();
  // As MachineSnapshots::put_back().
  void put_back(const Keyframe& keyframe);
  // The guest's registers and memory are what they were there.
  bool is_at(const Keyframe& keyframe);
  // Of where the machine stands, in the segment that begins there.
  Digest digest(const Keyframe& start);
  std::uint64_t kept_bytes() const { return snapshots_.kept_bytes(); }
  snapshot::RamSnapshots& ram() { return snapshots_.ram(); }
  // As MachineSnapshots::rest().
  void rest() { snapshots_.rest(); }

 private:
  std::uint32_t rest_of_digest(const snapshot::RamImage& start);

  Machine& machine_;
  snapshot::MachineSnapshots& snapshots_;
};

}  // namespace gdbvm::history
