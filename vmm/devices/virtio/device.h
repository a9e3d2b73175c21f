// A virtio device without its transport: what it is, and how it serves a request. Numbers in parentheses are sections
// of "Virtual I/O Device (VIRTIO) 1.2".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gdbvm {
class VersionedDisk;
}

namespace gdbvm::virtio {

// One request of the driver: what the device reads, and guest RAM that it writes. The driver may cut both into as many
// pieces, and where, as it likes (2.7.4).
struct Request {
  std::vector<std::uint8_t> readable;
  std::vector<std::span<std::uint8_t>> writable;
};

// All have one queue. Calls come from one thread at a time.
class Device {
 public:
  virtual ~Device() = default;
  virtual std::uint32_t id() const = 0;  // the type of device (5)
  // Those of its type; the transport's own are the transport's affair.
  virtual std::uint64_t features() const { return 0; }
  // The device's own configuration space, as the guest reads it. Does not change.
  virtual std::span<const std::uint8_t> configuration() const { return {}; }
  // Returns how many bytes from the first on it has written. How it tells a failure is the type's affair.
  virtual std::uint32_t serve(Request& request) = 0;
  // What it stores to, if it is a disk.
  virtual VersionedDisk* disk() { return nullptr; }
};

}  // namespace gdbvm::virtio
