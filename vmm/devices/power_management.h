// ACPI's fixed hardware (ACPI 6.4, 4.8.3): the PM1 registers that switch the machine off, and the power-management
// timer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// ACPI mode is always on (SCI_EN reads 1). No events: the status reads 0 and no system control interrupt is raised,
// whatever is enabled. Of the sleep states there is S5, soft-off, alone.
class PowerManagement final : public PortDevice {
 public:
  static constexpr std::uint16_t port = x86::wiring::power_management_port;
  static constexpr std::uint16_t port_count = x86::wiring::power_management_ports;
  static constexpr std::uint64_t timer_hertz = 3579545;
  using Clock = std::function<std::chrono::nanoseconds()>;  // monotonic
  static std::chrono::nanoseconds host_uptime();

  // `power_off` is called on the vCPU's thread.
  explicit PowerManagement(std::function<void()> power_off, Clock clock = host_uptime)
      : power_off_(std::move(power_off)), clock_(std::move(clock)) {}

  unsigned width() const override { return 4; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  // The timer runs on.
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  // Without the timer, which shows the clock.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  std::uint8_t read_byte(std::uint16_t offset) const;
  // Does this byte of the control register ask for soft-off?
  static bool switches_off(std::uint16_t offset, std::uint8_t value);

  const std::function<void()> power_off_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::uint16_t enable_ = 0;
  std::uint8_t bus_master_reload_ = 0;  // the control register's bit 1: remembered, without effect
};

}  // namespace gdbvm
