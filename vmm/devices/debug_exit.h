// The debug-exit port: a guest ends the virtual machine with a status of its choice (QEMU's isa-debug-exit).
#pragma once

#include <cstdint>
#include <functional>

#include "vmm/devices/bus.h"

namespace gdbvm {

class DebugExit final : public PortDevice {
 public:
  static constexpr std::uint16_t usual_port = 0xf4, port_count = 4;

  // `exit` gets the process's exit status: value << 1 | 1, its low 8 bits. Called on the vCPU's thread.
  explicit DebugExit(std::function<void(std::uint8_t status)> exit);
  unsigned width() const override { return 4; }
  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;

 private:
  const std::function<void(std::uint8_t)> exit_;
};

}  // namespace gdbvm
