// A disk image whose earlier contents can be brought back, for snapshots of a machine with its disks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "vmm/devices/block_map.h"
#include "vmm/devices/disk_image.h"
#include "vmm/devices/state.h"

namespace gdbvm {

enum class DiskMode : std::uint8_t {
  ReadWrite,  // the file always shows the disk as the guest has it
  ReadOnly,
  Snapshot,  // the file is only read: what the guest writes stays in memory and ends with the process
};

// All that a disk contained at one moment. A copy takes no time.
struct DiskContents {
  BlockMap written;                      // since the base
  std::shared_ptr<const BlockMap> base;  // see VersionedDisk
};

// Contents are a base, which is the same for all of them, and the blocks written since. The base of a disk that is
// written to its file is the file as it was when contents() was first called, and the blocks that have been overwritten
// since then are kept in memory for as long as any DiskContents are; without any, nothing is kept and a write is one to
// the file. The base of the others is the file.
class VersionedDisk final {
 public:
  // As DiskImage's.
  VersionedDisk(const std::string& path, DiskMode mode);

  std::uint64_t sectors() const { return image_.sectors(); }
  bool read_only() const { return mode_ == DiskMode::ReadOnly; }

  // As DiskImage's.
  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;
  bool write(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  bool flush();

  // While no vCPU runs, as the next.
  DiskContents contents();
  // Contents of this disk. The file of one that is written to its file gets the blocks back that differ; throws
  // StateError if it cannot be written, and then has, as far as possible, what it had before.
  void set_contents(const DiskContents& contents);

  // For files, as in state.h: the present contents as what differs from the disk's file. Restored only to a disk that
  // stays in memory or is read-only, and while the file is as it was (by its size and time of change).
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  void restore(StateReader& from);

 private:
  std::uint64_t size_of(std::uint64_t number) const;
  // nullptr: it cannot be read.
  std::shared_ptr<DiskBlock> block_in_file(std::uint64_t number) const;
  bool write_in_memory(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  // Of a written file: what is there before and after a write. false: it cannot be read.
  bool keep_base(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  bool keep_present(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  void write_back(const BlockMap& written);

  DiskImage image_;
  const DiskMode mode_;
  const DiskImage::Stamp opened_;
  BlockMap written_;
  std::shared_ptr<BlockMap> base_;  // of a written file: the blocks of it that have been overwritten, as they were
};

}  // namespace gdbvm
