// A debug console: a port to which firmware and bare-metal tests write text (QEMU's isa-debugcon, Bochs's port E9).
#pragma once

#include <cstdint>

#include "vmm/devices/bus.h"
#include "vmm/devices/serial_sink.h"

namespace gdbvm {

class DebugConsole final : public PortDevice {
 public:
  static constexpr std::uint16_t firmware_port = 0x402, bochs_port = 0xe9;

  explicit DebugConsole(SerialSink& sink) : sink_(&sink) {}
  void set_sink(SerialSink& sink) { sink_ = &sink; }
  // Reads 0xe9: how a guest finds out that the console is there.
  void read(std::uint16_t, std::span<std::uint8_t> out) override { out[0] = 0xe9; }
  void write(std::uint16_t, std::span<const std::uint8_t> bytes) override { sink_->write(bytes); }
  void write_string(std::uint16_t, unsigned, std::span<const std::uint8_t> bytes) override { sink_->write(bytes); }

 private:
  SerialSink* sink_;
};

}  // namespace gdbvm
