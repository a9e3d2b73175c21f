// Where bytes that the guest sends to a serial port or a debug console go.
#pragma once

#include <cstdint>
#include <span>

namespace gdbvm {

// write() is called on vCPU threads, without any lock of a device held; it may wait, but a signal ends its waiting.
class SerialSink {
 public:
  virtual ~SerialSink() = default;
  virtual void write(std::span<const std::uint8_t> bytes) = 0;
};

}  // namespace gdbvm
