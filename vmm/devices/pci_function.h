// The configuration space of one PCI function (PCI Local Bus Specification 3.0, 6.1).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "vmm/devices/state.h"

namespace gdbvm {

// Registers are constant but for the bits that are said to be writable. No lock: it belongs to who reaches it.
class PciFunction final {
 public:
  static constexpr std::size_t size = 256;
  struct Identity {
    std::uint16_t vendor, device;
    std::uint32_t class_code;   // with the programming interface in the low byte
    bool has_siblings = false;  // there are other functions of the same device
  };

  explicit PciFunction(const Identity& identity);
  // A register of 1, 2 or 4 bytes: what it has at power-on, and which of its bits can be written.
  void set(std::size_t offset, std::uint32_t value, unsigned bytes, std::uint32_t writable = 0);
  // Told after each write, reset and restore.
  void set_observer(std::function<void()> observer) { changed_ = std::move(observer); }

  std::uint32_t word(std::size_t offset) const;
  // Inside the space.
  void read(std::size_t offset, std::span<std::uint8_t> out) const;
  void write(std::size_t offset, std::span<const std::uint8_t> bytes);
  void reset();
  void save(StateWriter& to) const { to.put(bytes_); }
  void restore(StateReader& from);

 private:
  using Bytes = std::array<std::uint8_t, size>;
  void put(std::size_t offset, std::span<const std::uint8_t> bytes);
  void tell() const {
    if (changed_) changed_();
  }

  Bytes at_power_on_{}, writable_{}, bytes_{};
  std::function<void()> changed_;
};

// What a PC's chipset has on bus 0, as firmware knows it: the 440FX's host bridge and the PIIX3's bridge to ISA. Their
// registers that route interrupts and unlock memory can be written, and do nothing: there is no PCI interrupt, and what
// lies below 1 MiB is RAM from the start.
PciFunction host_bridge();
PciFunction isa_bridge();

}  // namespace gdbvm
