// The I/O port bus: which device answers which port.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <vector>

namespace gdbvm {

// A device on the port bus. Calls come from any vCPU thread; a device with state has its own lock.
class PortDevice {
 public:
  virtual ~PortDevice() = default;
  // One access of 1, 2 or 4 bytes at `offset` ports above the first one attached.
  virtual void read(std::uint16_t offset, std::span<std::uint8_t> out) = 0;
  virtual void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) = 0;
  // Back to the state at power-on.
  virtual void reset() {}
};

class Bus final {
 public:
  // The device outlives the bus. Ranges must not overlap (asserted). Attaching ends before the first access.
  void attach(std::uint16_t first_port, std::uint16_t count, PortDevice& device);
  // Ports without a device read all ones and ignore writes.
  void read(std::uint16_t port, std::span<std::uint8_t> out);
  void write(std::uint16_t port, std::span<const std::uint8_t> bytes);
  void reset();

  // Accesses to ports without a device since the start, by port (for --trace io and `monitor exits`).
  std::map<std::uint16_t, std::uint64_t> unclaimed() const;

 private:
  struct Range {
    std::uint16_t first;
    std::uint16_t count;
    PortDevice* device;
  };
  const Range* find(std::uint16_t port) const;

  std::vector<Range> ranges_;
  mutable std::mutex mutex_;
  std::map<std::uint16_t, std::uint64_t> unclaimed_;
};

}  // namespace gdbvm
