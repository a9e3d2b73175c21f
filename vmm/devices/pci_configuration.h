// PCI configuration mechanism 1 (PCI Local Bus Specification 3.0, 3.2.2.3.2): the way to the functions on bus 0.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/pci_function.h"
#include "vmm/devices/state.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// Bus 0 has the bridges, and what is attached. All other functions read all ones: they are not there. Attach the
// address register at offset 0, the data at offset 4.
class PciConfiguration final : public PortDevice {
 public:
  static constexpr std::uint16_t address_port = x86::wiring::pci_port, data_port = address_port + 4, port_count = 4,
                                 data_offset = 4;

  // The address register is one of 32 bits alone; of its ports, 0xcf9 is the reset control register for
  // byte accesses.
  explicit PciConfiguration(PortDevice& reset_control);
  // The function outlives this. Device 0 is the host bridge, function 0 of device 1 the bridge to ISA. Before the first
  // access.
  void attach(unsigned device, unsigned function, PciFunction& at);

  unsigned width() const override { return 4; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 3;
  // Without the reset control register, with the functions' spaces.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  // nullptr: nobody is asked.
  PciFunction* addressed() const;
  std::size_t register_at(std::uint16_t offset) const;

  PortDevice& reset_control_;
  mutable std::mutex mutex_;
  std::uint32_t address_ = 0;
  PciFunction host_bridge_, isa_bridge_;
  std::map<std::uint32_t, PciFunction*> functions_;  // by their address
};

}  // namespace gdbvm
