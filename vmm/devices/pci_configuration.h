// PCI configuration mechanism 1 (PCI Local Bus Specification 3.0, 3.2.2.3.2) and the one function that it finds.
#pragma once

#include <cstdint>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"

namespace gdbvm {

// Bus 0 has a host bridge at device 0, function 0: identification and nothing to be set; its registers are constant.
// All other functions read all ones: they are not there. Attach the address register at offset 0, the data at offset 4.
class PciConfiguration final : public PortDevice {
 public:
  static constexpr std::uint16_t address_port = 0xcf8, data_port = 0xcfc, port_count = 4, data_offset = 4;

  // The address register is one of 32 bits alone; of its ports, 0xcf9 is the reset control register for
  // byte accesses.
  explicit PciConfiguration(PortDevice& reset_control) : reset_control_(reset_control) {}
  unsigned width() const override { return 4; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  // Without the reset control register.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  PortDevice& reset_control_;
  mutable std::mutex mutex_;
  std::uint32_t address_ = 0;
};

}  // namespace gdbvm
