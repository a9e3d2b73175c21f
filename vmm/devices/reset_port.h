// Two of the ways in which a guest resets a PC, beside the keyboard controller: system control port A and port 0xcf9.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// System control port A (0x92): bit 0 resets, bit 1 is A20. A20 is remembered, and has no effect: the line is always
// on.
class SystemControlA final : public PortDevice {
 public:
  static constexpr std::uint16_t port = 0x92;

  explicit SystemControlA(std::function<void()> reset_machine) : reset_machine_(std::move(reset_machine)) {}
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  static constexpr std::uint8_t power_on = 2;  // A20 on
  const std::function<void()> reset_machine_;
  mutable std::mutex mutex_;
  std::uint8_t value_ = power_on;
};

// The chipset's reset control register (0xcf9): bit 1 chooses hard reset, a write with bit 2 set resets.
class ResetControl final : public PortDevice {
 public:
  static constexpr std::uint16_t port = x86::wiring::reset_control_port;

  explicit ResetControl(std::function<void()> reset_machine) : reset_machine_(std::move(reset_machine)) {}
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  const std::function<void()> reset_machine_;
  mutable std::mutex mutex_;
  std::uint8_t value_ = 0;
};

}  // namespace gdbvm
