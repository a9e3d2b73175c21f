// A VGA's ports. The memory that it shows is the guest's RAM at 0xa0000 to 0xbffff, which is read when somebody looks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>

#include "vmm/devices/bus.h"
#include "vmm/devices/state.h"
#include "vmm/devices/vga/registers.h"

namespace gdbvm {

// All registers read back what was written. Their effect is what is seen: writing to the memory costs no exit, so
// planes, latches and fonts, which lie behind it in a VGA, are not there. From power-on it is in text mode, as firmware
// leaves it. Attach each port with its number as the offset.
class Vga final : public PortDevice {
 public:
  struct Ports {
    std::uint16_t first, count;
  };
  static constexpr Ports ports[] = {{0x3b4, 2}, {0x3ba, 1}, {0x3c0, 16}, {0x3d4, 2}, {0x3da, 1}};

  // `clock` never goes back while the guest runs: by it the picture is drawn 70 times a second.
  explicit Vga(std::function<std::chrono::nanoseconds()> clock) : clock_(std::move(clock)) {}

  void read(std::uint16_t port, std::span<std::uint8_t> out) override;
  void write(std::uint16_t port, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

  // From any thread.
  vga::Registers registers() const;

 private:
  // All of these need mutex_.
  bool answers(std::uint16_t port) const;
  std::uint8_t input_status();
  // One that is read and written without further ado; nullptr: it is none.
  std::uint8_t* plain_register(std::uint16_t port);
  std::uint8_t read_register(std::uint16_t port);
  void write_register(std::uint16_t port, std::uint8_t value);
  std::uint8_t read_palette();
  void write_palette(std::uint8_t value);
  void write_attribute(std::uint8_t value);
  void write_crtc(std::uint8_t value);

  const std::function<std::chrono::nanoseconds()> clock_;
  mutable std::mutex mutex_;
  vga::Registers registers_ = vga::text_mode();
};

}  // namespace gdbvm
