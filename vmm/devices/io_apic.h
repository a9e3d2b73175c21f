// The I/O APIC as a pure model (Intel 82093AA data sheet): 24 pins, whose interrupts leave as messages.
#pragma once

#include <cstdint>
#include <functional>

#include "vmm/devices/apic_message.h"
#include "vmm/devices/state.h"
#include "vmm/x86/interrupt_controllers.h"

namespace gdbvm {

// No lock: the owner keeps calls apart. A line's level is whether its device asserts it, whatever polarity the guest
// gives the pin, as with KVM's.
class IoApic final {
 public:
  static constexpr unsigned pins = 24;
  static constexpr std::uint32_t select_offset = 0x00, window_offset = 0x10;
  // Routes a message while the caller waits, and must not call back. false: no local APIC took it.
  using Send = std::function<bool(const ApicMessage& message)>;

  explicit IoApic(Send send);
  // Power-on. The lines stay as their devices drive them.
  void reset();
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& writer) const { writer.put(state_); }
  void restore(StateReader& reader) { state_ = reader.get<x86::IoApicRegisters>(); }

  // IOREGSEL and IOWIN; other offsets read as zero.
  std::uint32_t read(unsigned offset) const;
  void write(unsigned offset, std::uint32_t value);
  const x86::IoApicRegisters& registers() const { return state_; }

  // An edge while the pin is masked is lost.
  void set_line(unsigned pin, bool asserted);
  // From a local APIC: level-triggered pins with this vector may interrupt again, and do if they are still asserted.
  void end_of_interrupt(std::uint8_t vector);

 private:
  bool asserted(unsigned pin) const { return state_.requests >> pin & 1; }
  std::uint32_t read_window() const;
  void write_entry(unsigned index, std::uint32_t value);
  void drive_level(unsigned pin);
  bool send(unsigned pin);

  const Send send_;
  // `requests` are the lines.
  x86::IoApicRegisters state_;
};

}  // namespace gdbvm
