// The port of a PC's power-on self-test (0x80): firmware and kernels write how far they are, or write to it to wait.
#pragma once

#include <atomic>
#include <cstdint>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"

namespace gdbvm {

// Reads what was written last. --trace io shows each code.
class PostPort final : public PortDevice {
 public:
  static constexpr std::uint16_t port = 0x80;

  void read(std::uint16_t, std::span<std::uint8_t> out) override { out[0] = code_; }
  void write(std::uint16_t, std::span<const std::uint8_t> bytes) override { code_ = bytes[0]; }
  void reset() override { code_ = 0; }
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const { to.put(code_.load()); }
  void restore(StateReader& from) { code_ = from.get<std::uint8_t>(); }

 private:
  std::atomic<std::uint8_t> code_ = 0;
};

}  // namespace gdbvm
