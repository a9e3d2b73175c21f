// The guest's output, as long as what it does has not been done before.
#pragma once

#include <atomic>

#include "vmm/devices/serial_sink.h"

namespace gdbvm {

class PresentOutput final : public SerialSink {
 public:
  // Both outlive this. In the past it is lost: it has been written already.
  PresentOutput(SerialSink& to, const std::atomic<bool>& in_past) : to_(to), in_past_(in_past) {}
  void write(std::span<const std::uint8_t> bytes) override {
    if (!in_past_) to_.write(bytes);
  }

 private:
  SerialSink& to_;
  const std::atomic<bool>& in_past_;
};

}  // namespace gdbvm
