// A file or block device of the host as a disk: its bytes are the sectors'.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace gdbvm {

class DiskImage final {
 public:
  static constexpr std::uint64_t sector_size = 512;

  // One that is only read may end with a part of a sector, which zeros fill up. Holds a lock: a disk that one may write
  // is nobody else's, nor mounted here. Throws std::runtime_error with a sentence.
  DiskImage(const std::string& path, bool read_only);
  ~DiskImage();
  DiskImage(const DiskImage&) = delete;
  DiskImage& operator=(const DiskImage&) = delete;

  std::uint64_t sectors() const { return sectors_; }

  // By which a file that has been changed since is told; a block device's does not show it.
  struct Stamp {
    std::uint64_t sectors;
    std::int64_t seconds, nanoseconds;  // of the last change
    bool operator==(const Stamp&) const = default;
  };
  Stamp stamp() const;

  // At a byte offset; all or false, as every write to a read-only disk.
  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;
  bool write(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  // What was written is on the host's disk.
  bool flush();

 private:
  int fd_;
  std::uint64_t bytes_ = 0;    // of the file
  std::uint64_t sectors_ = 0;  // the last one may be filled up with zeros
};

}  // namespace gdbvm
