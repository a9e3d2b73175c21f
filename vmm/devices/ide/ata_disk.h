// A hard disk at an IDE cable (ATA/ATAPI-6, chapter 8).
#pragma once

#include <optional>

#include "vmm/devices/ide/drive.h"

namespace gdbvm::ide {

// As large as its image, and at least as a 1.44 MB floppy, of zeros: loaders read past the end of a short image.
class AtaDisk final : public Drive {
 public:
  // As VersionedDisk's.
  AtaDisk(const std::string& path, DiskMode mode);

 private:
  struct Range {
    std::uint64_t first, count;  // in sectors
  };
  void perform(std::uint8_t command) override;
  void put_signature() override;
  void received(const Bytes&) override {}
  void piece_begins(std::size_t) override {}
  void all_sent() override {}

  bool transfers(std::uint8_t command);
  bool sets_up(std::uint8_t command);
  std::uint64_t sectors() const;
  // By the registers; nullopt: not on the disk.
  std::optional<Range> addressed(bool extended);
  void transfer(bool to_host, Way way, bool extended, std::size_t sectors_of_piece);
  void verify(bool extended);
  void set_multiple();
  void set_geometry();
  void put_last_address(bool extended);
};

}  // namespace gdbvm::ide
