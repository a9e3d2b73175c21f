// The virtio block device (Virtual I/O Device 1.2, 5.2): a disk image as the guest's disk.
#pragma once

#include <array>
#include <string>

#include "vmm/devices/versioned_disk.h"
#include "vmm/devices/virtio/device.h"

namespace gdbvm::virtio {

// A request that reaches beyond the disk, is not a multiple of a sector or writes to a read-only disk fails as a whole;
// one whose transfer the host fails may have been done in part. The host has what is written, and has it on its disk
// after a flush, unless the disk's mode is another.
class Block final : public Device {
 public:
  // As VersionedDisk's. The guest reads the end of the file's name as the disk's serial number.
  Block(const std::string& path, DiskMode mode);

  std::uint32_t id() const override { return 2; }
  std::uint64_t features() const override;
  std::span<const std::uint8_t> configuration() const override { return configuration_; }
  std::uint32_t serve(Request& request) override;
  VersionedDisk* disk() override { return &disk_; }

 private:
  enum class Status : std::uint8_t { Ok, IoError, Unsupported };  // 5.2.6
  struct Result {
    Status status;
    bool filled = false;  // all the data that the driver has room for
  };
  using Pieces = std::vector<std::span<std::uint8_t>>;
  Result perform(const Request& request);
  Result read(std::uint64_t sector, const Pieces& to) const;
  Result write(std::uint64_t sector, std::span<const std::uint8_t> bytes);
  Result identify(const Pieces& to) const;

  VersionedDisk disk_;
  std::array<std::uint8_t, 20> serial_{};         // filled up with zeros
  std::array<std::uint8_t, 24> configuration_{};  // 5.2.4, as far as the offered features need it
};

}  // namespace gdbvm::virtio
