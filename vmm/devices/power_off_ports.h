// The ports by which kernels written for emulators switch those off: 0xb004 of earlier QEMU and Bochs, 0x8900 of Bochs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"

namespace gdbvm {

// 0xb004 is ACPI's PM1 control register, where any write that sets SLP_EN (0x2000) counts. 0x8900 takes "Shutdown",
// byte by byte. Attach each with its number as the offset.
class PowerOffPorts final : public PortDevice {
 public:
  static constexpr std::uint16_t control_port = 0xb004, control_size = 2, word_port = 0x8900;

  // `power_off` is called on the vCPU's thread.
  explicit PowerOffPorts(std::function<void()> power_off) : power_off_(std::move(power_off)) {}

  void read(std::uint16_t port, std::span<std::uint8_t> out) override;
  void write(std::uint16_t port, std::span<const std::uint8_t> bytes) override;
  void reset() override { matched_ = 0; }
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const { to.put(matched_.load()); }
  void restore(StateReader& from);

 private:
  const std::function<void()> power_off_;
  std::atomic<std::uint8_t> matched_ = 0;  // bytes of the word so far
};

}  // namespace gdbvm
