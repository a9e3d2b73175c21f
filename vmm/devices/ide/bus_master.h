// One channel's bus master (SFF-8038i, Programming Interface for Bus Master IDE Controller).
#pragma once

#include <cstdint>
#include <vector>

#include "vmm/devices/ide/drive.h"
#include "vmm/devices/state.h"
#include "vmm/memory/address.h"

namespace gdbvm {
class GuestMemory;
}

namespace gdbvm::ide {

// Pure but for the guest's memory, and without a lock. It transfers when it has been started and the drive waits for
// it, at once and as far as the descriptors go.
class BusMaster final {
 public:
  static constexpr unsigned ports = 8;

  explicit BusMaster(GuestMemory& memory) : memory_(memory) {}
  std::uint8_t read(unsigned offset) const;
  void write(unsigned offset, std::uint8_t value);
  void reset() { state_ = {}; }
  // nullptr: there is none.
  void run(Drive* drive);
  // The drive's interrupt has risen.
  void note_interrupt();
  void save(StateWriter& to) const { to.put(state_); }
  void restore(StateReader& from);

 private:
  struct State {
    std::uint32_t table;
    std::uint8_t command, status;
    std::uint16_t reserved;
  };
  bool transfer(Drive& drive, Gpa at, std::uint32_t size);

  GuestMemory& memory_;
  State state_{};
  std::vector<std::uint8_t> buffer_;
};

}  // namespace gdbvm::ide
