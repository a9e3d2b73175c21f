// The part of a display adapter that has a linear framebuffer: Bochs's display interface, and the PCI function
// 1234:1111 by which drivers find the framebuffer.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

#include "vmm/devices/bus.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/devices/pci_function.h"
#include "vmm/devices/state.h"
#include "vmm/devices/vga/linear_registers.h"

namespace gdbvm {

class GuestMemory;

// The framebuffer is the display's part of guest memory and its state is not here. The guest reaches it without us
// where that lies, which is where firmware puts BAR 0; a guest that moves the BAR finds it there too, at the cost of an
// exit for each access.
//
// There is no window on it at 0xa0000: the bank can be written, and does nothing. Attach the ports with the index at
// offset 0 and the data at offset 1.
class LinearDisplay final : public PortDevice {
 public:
  static constexpr std::uint16_t port = 0x1ce, port_count = 4;

  // `memory`, which has a display's, outlives it.
  explicit LinearDisplay(GuestMemory& memory);

  unsigned width() const override { return 2; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  // Without the PCI function.
  void save(StateWriter& to) const;
  void restore(StateReader& from);

  // From any thread. nullopt: the VGA's registers say what is shown.
  std::optional<vga::LinearMode> mode() const;

  PciFunction& function() { return function_; }
  // Where the guest has moved it to.
  const std::atomic<std::uint64_t>& address() const { return address_; }
  MemoryDevice& window() { return window_; }

 private:
  class Window final : public MemoryDevice {
   public:
    explicit Window(GuestMemory& memory) : memory_(memory) {}
    void read(std::uint64_t offset, std::span<std::uint8_t> out) override;
    void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override;
    void reset() override {}

   private:
    GuestMemory& memory_;
  };

  // These need mutex_.
  std::uint16_t read_value() const;
  void write_value(std::uint16_t value);
  void switch_to(std::uint16_t enable);
  std::uint64_t memory_size() const;

  GuestMemory& memory_;
  Window window_;
  PciFunction function_;
  std::atomic<std::uint64_t> address_ = 0;
  mutable std::mutex mutex_;
  vga::LinearRegisters registers_ = vga::linear_power_on();
};

}  // namespace gdbvm
