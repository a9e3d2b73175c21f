// Hears from the handler that stands for a BIOS (boot/missing_bios.h) and tells the user of the first call.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "vmm/devices/bus.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

class MissingBios final : public PortDevice {
 public:
  static constexpr std::uint16_t port = x86::wiring::missing_bios_port, port_count = 2;

  // Called on the vCPU's thread, at most once.
  void set_tell(std::function<void(std::string_view sentence)> tell) { tell_ = std::move(tell); }
  unsigned width() const override { return 2; }
  void read(std::uint16_t, std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = 0xff;
  }
  // The instruction `int n`; other bytes are not the handler's.
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override {
    constexpr std::uint8_t int_instruction = 0xcd;
    if (offset != 0 || bytes.size() != 2 || bytes[0] != int_instruction || !tell_ || told_.exchange(true)) return;
    tell_(
        fmt::format("the guest calls a BIOS (int {:#x}), and there is none: SeaBIOS starts boot sectors and disks "
                    "without --boot flat",
                    bytes[1]));
  }

 private:
  std::function<void(std::string_view)> tell_;
  std::atomic<bool> told_ = false;
};

}  // namespace gdbvm
