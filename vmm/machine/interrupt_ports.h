// Where the interrupt controllers answer: the PICs at their ports, the I/O APIC in its window.
#pragma once

#include "vmm/devices/bus.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/machine/interrupts.h"

namespace gdbvm {

// Attached with the ports' numbers as offsets.
class PicPorts final : public PortDevice {
 public:
  static constexpr std::uint16_t ports[] = {0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1};
  explicit PicPorts(Interrupts& interrupts) : interrupts_(interrupts) {}
  void read(std::uint16_t port, std::span<std::uint8_t> out) override { out[0] = interrupts_.read_pic(port); }
  void write(std::uint16_t port, std::span<const std::uint8_t> bytes) override {
    interrupts_.write_pic(port, bytes[0]);
  }

 private:
  Interrupts& interrupts_;
};

// Words of 4 bytes (82093AA data sheet, 3.0); of wider accesses the first, of narrower ones what they cover.
class IoApicWindow final : public MemoryDevice {
 public:
  static constexpr std::uint64_t size = 0x1000;
  explicit IoApicWindow(Interrupts& interrupts) : interrupts_(interrupts) {}
  void read(std::uint64_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override {}  // the machine resets its controllers itself

 private:
  Interrupts& interrupts_;
};

}  // namespace gdbvm
