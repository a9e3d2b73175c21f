// The I/O port bus: which device answers which port.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace gdbvm {

// A device on the port bus. Calls come from any vCPU thread; a device with state has its own lock.
class PortDevice {
 public:
  virtual ~PortDevice() = default;
  // The widest access in bytes that the device takes whole; the bus splits wider ones into bytes at successive ports.
  virtual unsigned width() const { return 1; }
  // One access of 1, 2 or 4 bytes, at most width(), at `offset`: the distance from the first port attached, plus
  // whatever offset it was attached at.
  virtual void read(std::uint16_t offset, std::span<std::uint8_t> out) = 0;
  virtual void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) = 0;
  // `rep outs`: several accesses of `size` bytes to one port, in order. For devices that gain by taking them at once.
  virtual void write_string(std::uint16_t offset, unsigned size, std::span<const std::uint8_t> bytes);
  // Back to the state at power-on.
  virtual void reset() {}
};

// One exit's worth of port I/O, as --trace io prints it. `bytes` holds a multiple of `size`.
struct PortAccess {
  enum class Direction : std::uint8_t { In, Out } direction;
  std::uint16_t port;
  unsigned size;
  std::span<const std::uint8_t> bytes;
  bool claimed;  // some device answers
};

class Bus final {
 public:
  using Trace = std::function<void(const PortAccess&)>;

  // The device outlives the bus. Ranges must not overlap (asserted). Attaching ends before the first access. One device
  // may sit at several ranges: `first_offset` is what it is told for `first_port`.
  void attach(std::uint16_t first_port, std::uint16_t count, PortDevice& device, std::uint16_t first_offset = 0);
  // No device is attached to any of the ports.
  bool is_free(std::uint16_t first_port, std::uint16_t count) const { return !claimed(first_port, count); }
  // Of a device whose ports the guest chooses: from `first` on, while that is not 0. Where they meet others, those
  // answer.
  void attach_movable(const std::atomic<std::uint16_t>& first, std::uint16_t count, PortDevice& device,
                      std::uint16_t first_offset = 0);
  // Called after every access, on the thread that makes it. Set before the first access.
  void set_trace(Trace trace) { trace_ = std::move(trace); }

  // One access of 1, 2 or 4 bytes. Ports without a device read all ones and ignore writes.
  void read(std::uint16_t port, std::span<std::uint8_t> out);
  void write(std::uint16_t port, std::span<const std::uint8_t> bytes);
  // `rep ins` and `rep outs`: bytes.size() / size accesses to the same port.
  void read_string(std::uint16_t port, unsigned size, std::span<std::uint8_t> out);
  void write_string(std::uint16_t port, unsigned size, std::span<const std::uint8_t> bytes);
  void reset();

  // Accesses to ports without a device since the start, by port (for --trace io and `monitor exits`).
  std::map<std::uint16_t, std::uint64_t> unclaimed() const;

 private:
  struct Range {
    std::uint16_t first;
    std::uint16_t count;
    PortDevice* device;
    std::uint16_t first_offset;
    std::uint16_t offset(std::uint32_t port) const { return static_cast<std::uint16_t>(port - first + first_offset); }
  };
  struct Movable {
    const std::atomic<std::uint16_t>* first;
    std::uint16_t count;
    PortDevice* device;
    std::uint16_t first_offset;
  };
  std::optional<Range> find(std::uint32_t port) const;
  // The range that takes the access whole; nullopt if it must be split or nobody is there.
  std::optional<Range> whole(std::uint16_t port, std::size_t size) const;
  bool claimed(std::uint16_t port, std::size_t size) const;
  void read_one(std::uint16_t port, std::span<std::uint8_t> out);
  void write_one(std::uint16_t port, std::span<const std::uint8_t> bytes);
  void finish(const PortAccess& access);

  std::vector<Range> ranges_;  // sorted by first
  std::vector<Movable> movables_;
  Trace trace_;
  mutable std::mutex mutex_;
  std::map<std::uint16_t, std::uint64_t> unclaimed_;
};

}  // namespace gdbvm
