// The int3 bytes that stand in guest memory, and the guest's own bytes beneath them.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "vmm/memory/guest_memory.h"

namespace gdbvm {

// Knows physical addresses only; which breakpoint wants which byte is ArmedStops' affair. No vCPU is in the guest while
// bytes are planted or lifted; several may read and write beneath them at once. Lifts everything when destroyed.
class SoftwareBreakpoints final : public PlantedBytes {
 public:
  static constexpr std::uint8_t int3 = 0xcc;

  // Devices and snapshots have memory without them.
  explicit SoftwareBreakpoints(GuestMemory& memory) : memory_(memory) { memory_.set_planted(this); }
  ~SoftwareBreakpoints() override {
    memory_.set_planted(nullptr);
    lift_all();
  }
  SoftwareBreakpoints(const SoftwareBreakpoints&) = delete;
  SoftwareBreakpoints& operator=(const SoftwareBreakpoints&) = delete;

  // false when there is no RAM at the address.
  bool plant(Gpa address);
  // Puts the guest's byte back, unless the guest has written another one over the int3 meanwhile.
  void lift(Gpa address);
  void lift_all();
  // Forgets all without touching memory (RAM has been replaced as a whole).
  void forget();

  // One that is gone once the guest has come to it, whether another stands there as well or not. false: no RAM is
  // there, or an int3 of the guest's own.
  bool plant_once(Gpa address);
  // On any vCPU's thread, which is about to execute what is there: the guest's byte is back from now on. true: there
  // was such an int3, or another vCPU has just passed it. One of the others stays.
  bool pass(Gpa address);
  bool planted_once(Gpa address) const { return once_.contains(address); }
  // What has been passed since this was last asked.
  std::vector<Gpa> take_passed();
  // Of those that the guest has overwritten the new bytes are the ones beneath from now on. true: there were some.
  bool repair_once();
  void lift_once();

  bool planted(Gpa address) const { return planted_.contains(address); }
  bool any_within(Gpa start, std::size_t size) const;
  // Puts back the int3 bytes that the guest has overwritten; its new bytes are now the ones beneath.
  void repair();

  void hide(Gpa start, std::span<std::uint8_t> copy) const override;
  void replant(Gpa start, std::uint64_t size) override;
  // Writes guest bytes; where an int3 stands, beneath it. false, with nothing written, when not all of it is RAM.
  bool write(Gpa start, std::span<const std::uint8_t> bytes);

  const std::map<Gpa, std::uint8_t>& bytes() const { return planted_; }

 private:
  GuestMemory& memory_;
  struct Once {
    std::uint8_t byte;
    bool passed;  // it does not stand any more
  };
  std::map<Gpa, std::uint8_t> planted_;  // the guest's byte, by address
  std::map<Gpa, Once> once_;             // where both are, planted_ has the byte that counts
  std::vector<Gpa> passed_;
  mutable std::mutex beneath_;  // those bytes, and what is passed, in turns
};

}  // namespace gdbvm
