// The int3 bytes that stand in guest memory, and the guest's own bytes beneath them.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>

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
  void forget() { planted_.clear(); }

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
  std::map<Gpa, std::uint8_t> planted_;  // the guest's byte, by address
  mutable std::mutex beneath_;           // those bytes, in turns
};

}  // namespace gdbvm
