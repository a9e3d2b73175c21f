// A CD-ROM drive with a disc at an IDE cable: the packet commands (ATA/ATAPI-6, 9.8; MMC-3).
#pragma once

#include <optional>

#include "vmm/devices/ide/drive.h"

namespace gdbvm::ide {

// The image is the data of the disc's only track, in blocks of 2048 bytes; the last one is filled up with zeros. Read
// only, whatever the image's mode.
class Cdrom final : public Drive {
 public:
  static constexpr std::uint64_t block_size = 2048;
  // As VersionedDisk's.
  explicit Cdrom(const std::string& path);

 private:
  void perform(std::uint8_t command) override;
  void put_signature() override;
  void received(const Bytes& packet) override;
  void piece_begins(std::size_t size) override;
  void all_sent() override;

  std::uint32_t blocks() const;
  Way way() const;
  void answer(Bytes bytes, std::size_t wanted);
  void refuse(std::uint8_t key, std::uint8_t code);
  void read_blocks(std::uint32_t first, std::uint32_t count);
  Bytes sense() const;
  Bytes inquiry() const;
  Bytes capacity() const;
  // nullopt: not in that format, or of that page.
  std::optional<Bytes> table_of_contents(const Bytes& packet) const;
  static std::optional<Bytes> mode_page(std::uint8_t page);
};

}  // namespace gdbvm::ide
