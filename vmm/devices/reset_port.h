// The three ways in which a guest resets a PC: the keyboard controller, system control port A, and port 0xcf9.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// As much of an 8042 as a PC without a keyboard has: status "nothing to read, ready for commands", and the pulse of
// the reset line (command 0xfe). Attach the data port at offset 0 and the command port at offset 4.
class I8042 final : public PortDevice {
 public:
  static constexpr std::uint16_t data_port = 0x60, command_port = 0x64, command_offset = 4;

  explicit I8042(std::function<void()> reset_machine) : reset_machine_(std::move(reset_machine)) {}
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;

 private:
  const std::function<void()> reset_machine_;
};

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
