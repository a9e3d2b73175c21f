// The serial port's output, kept back while the terminal shows something else.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "vmm/devices/serial_sink.h"

namespace gdbvm {

// write() comes from any thread. What is kept is at most a megabyte, the newest.
class HeldOutput final : public SerialSink {
 public:
  // `to` outlives this.
  explicit HeldOutput(SerialSink& to) : to_(to) {}
  void write(std::span<const std::uint8_t> bytes) override;
  void hold();
  // `show` gets what was kept before anything else is written; it must not wait.
  void release(const std::function<void(std::span<const std::uint8_t>)>& show);

 private:
  static constexpr std::size_t most = std::size_t{1} << 20;
  SerialSink& to_;
  std::mutex mutex_;
  bool holding_ = false;
  std::vector<std::uint8_t> kept_;
};

}  // namespace gdbvm
