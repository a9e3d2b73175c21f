// The IDE controller of a PIIX3: two channels where PCs have always had them, and a bus master for each.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/ide/bus_master.h"
#include "vmm/devices/ide/drive.h"
#include "vmm/devices/pci_function.h"
#include "vmm/devices/state.h"

namespace gdbvm::ide {

// Attach each channel's command block, its control register and the bus masters at the offsets below. Everything is
// done by the vCPU that asks: when all of them stand, no disk and no memory changes.
class Controller final : public PortDevice {
 public:
  static constexpr unsigned channels = 2, drives = 2;  // of each channel
  static constexpr std::array<std::uint16_t, channels> command_ports{0x1f0, 0x170}, control_ports{0x3f6, 0x376};
  static constexpr std::array<unsigned, channels> irqs{14, 15};
  static constexpr std::uint16_t command_port_count = 8;
  static constexpr std::uint16_t channel_offset = 0x10, control_offset = 8, bus_master_offset = 0x20,
                                 bus_master_ports = channels * BusMaster::ports;

  using Lines = std::array<std::function<void(bool level)>, channels>;
  // `memory` outlives it.
  Controller(GuestMemory& memory, Lines interrupts);
  // In the order of the cables: the first channel's two, then the second's. nullptr: there is none. Before the first
  // access.
  void set_drive(unsigned number, std::unique_ptr<Drive> drive);

  // The PCI function, and where its bus masters' ports are; 0: nowhere.
  PciFunction& function() { return function_; }
  const std::atomic<std::uint16_t>& bus_master_port() const { return bus_master_port_; }

  unsigned width() const override { return 4; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  // Without the PCI function, and without what the disks contain.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  struct Channel {
    explicit Channel(GuestMemory& memory) : master(memory) {}
    std::array<std::unique_ptr<Drive>, drives> drive;
    BusMaster master;
    std::uint8_t selected = 0, control = 0;
    bool interrupting = false;
    Drive* present() const { return drive[selected].get(); }
    bool empty() const { return !drive[0] && !drive[1]; }
  };
  std::uint8_t read_register(Channel& channel, unsigned number);
  void write_register(Channel& channel, unsigned number, std::uint8_t value);
  void write_control(Channel& channel, std::uint8_t value);
  void execute(Channel& channel, std::uint8_t command);
  void restore_channels(StateReader& from);
  void settle(unsigned channel);
  static std::uint8_t status_of(const Channel& channel);

  const Lines interrupts_;
  PciFunction function_;
  std::atomic<std::uint16_t> bus_master_port_ = 0;
  mutable std::mutex mutex_;
  std::array<Channel, channels> channels_;
};

}  // namespace gdbvm::ide
