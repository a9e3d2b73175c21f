// Ends a run at the first instruction of an interrupt's handler, on any host.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>

#include "vmm/debug/guest/guest_view.h"
#include "vmm/machine/processor.h"

namespace gdbvm {

// Neither KVM's single step (its trap flag would be in the handler's frame, and is cleared on the way into it) nor
// debug registers (kvm_amd under an emulator) stop at a handler everywhere. A hlt does: while this lives, each handler
// begins with one. No other CPU is in a turn.
class HandlerStops final {
 public:
  HandlerStops(GuestMemory& memory, const GuestView& view, Processor& cpu, std::span<const std::uint8_t> vectors);
  ~HandlerStops();
  HandlerStops(const HandlerStops&) = delete;
  HandlerStops& operator=(const HandlerStops&) = delete;

  // false: no handler is in memory.
  bool any() const { return !replaced_.empty(); }
  // The CPU has left by `exit`: if that was one of these, it has not been executed.
  void take_back(const Exit& exit);

 private:
  Processor& cpu_;
  std::map<std::byte*, std::byte> replaced_;
  std::set<Gva> handlers_;
};

}  // namespace gdbvm
