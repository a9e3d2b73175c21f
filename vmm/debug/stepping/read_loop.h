// An instruction that KVM begins anew for ever, told from one that reads the same place more than once.
#pragma once

#include <optional>

#include "vmm/debug/stops/slot_watchpoints.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// KVM's emulator asks for the same bytes again and again where it cannot take an operand in pieces. The registers tell
// that from the next instruction, or the next iteration, and no instruction reads a place more than twice.
class ReadLoop final {
 public:
  // Of each exit in turn, with the registers then. true: KVM gets no further.
  bool repeats(const Exit& exit, const x86::GeneralRegisters& now);

 private:
  struct Read {
    Gpa address;
    x86::GeneralRegisters registers;
    bool operator==(const Read&) const = default;
  };
  std::optional<Read> last_;
  unsigned count_ = 0;
};

}  // namespace gdbvm
