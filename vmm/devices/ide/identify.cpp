#include "vmm/devices/ide/identify.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gdbvm::ide {

namespace {

constexpr std::uint32_t most_cylinders = 16383;
constexpr std::uint64_t most_in_28_bits = 0x0fffffff;
// Transfer modes of SET FEATURES: the kind in the upper five bits.
enum Kind : std::uint8_t { pio_default = 0, pio = 1, multiword_dma = 4, ultra_dma = 8 };
constexpr unsigned modes_multiword = 3, modes_ultra = 6;

class Words final {
 public:
  void set(std::size_t number, std::uint32_t value) { words_.at(number) = static_cast<std::uint16_t>(value); }
  void set_long(std::size_t first, std::uint64_t value, unsigned words) {
    for (unsigned i = 0; i < words; ++i) set(first + i, static_cast<std::uint32_t>(value >> 16 * i));
  }
  // The first character of each word is in its upper half.
  void set_text(std::size_t first, std::size_t words, std::string_view text) {
    const auto character = [&](std::size_t i) {
      return static_cast<std::uint32_t>(i < text.size() ? static_cast<unsigned char>(text[i]) : ' ');
    };
    for (std::size_t i = 0; i < words; ++i) set(first + i, character(2 * i) << 8 | character(2 * i + 1));
  }
  std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> bytes;
    for (const std::uint16_t word : words_) {
      bytes.push_back(static_cast<std::uint8_t>(word));
      bytes.push_back(static_cast<std::uint8_t>(word >> 8));
    }
    return bytes;
  }

 private:
  std::array<std::uint16_t, identity_size / 2> words_{};
};

// The end of the file's name tells disks apart.
void set_names(Words& words, const std::string& name, std::string_view model) {
  constexpr std::size_t longest = 20;
  words.set_text(10, 10, std::string_view(name).substr(name.size() - std::min(name.size(), longest)));
  words.set_text(23, 4, "1");
  words.set_text(27, 20, model);
}

// All modes, and the one that is set, as bits.
void set_modes(Words& words, std::uint32_t mode) {
  const std::uint32_t kind = mode >> 3, bit = 1u << (8 + (mode & 7));
  words.set(53, 7);  // the words 54 to 58, 64 to 70 and 88 are valid
  words.set(63, ((1u << modes_multiword) - 1) | (kind == multiword_dma ? bit : 0));
  words.set(64, 3);                                                          // PIO 3 and 4
  for (std::size_t cycle = 65; cycle <= 68; ++cycle) words.set(cycle, 120);  // nanoseconds
  words.set(88, ((1u << modes_ultra) - 1) | (kind == ultra_dma ? bit : 0));
  words.set(93, 0x6003);  // a cable of 80 wires; device 0 is well
}

}  // namespace

Geometry natural_geometry(std::uint64_t sectors) {
  const std::uint64_t cylinders = sectors / (natural_heads * natural_sectors);
  return {static_cast<std::uint32_t>(std::clamp<std::uint64_t>(cylinders, 1, most_cylinders)), natural_heads,
          natural_sectors};
}

std::vector<std::uint8_t> identify_disk(const DiskIdentity& disk) {
  const Geometry geometry = natural_geometry(disk.sectors);
  Words words;
  words.set(0, 0x0040);  // fixed
  words.set(1, geometry.cylinders);
  words.set(3, geometry.heads);
  words.set(6, geometry.sectors);
  set_names(words, disk.name, "gdbvm disk");
  words.set(47, 0x8010);  // 16 sectors in a piece at most
  words.set(48, 1);       // the data port takes 32 bits
  words.set(49, 0x0f00);  // IORDY, LBA and DMA
  words.set(50, 0x4000);
  const std::uint64_t track = std::uint64_t{disk.heads} * disk.sectors_of_track;
  const std::uint64_t cylinders = track == 0 ? 0 : std::min<std::uint64_t>(disk.sectors / track, 0xffff);
  words.set(54, static_cast<std::uint32_t>(cylinders));
  words.set(55, disk.heads);
  words.set(56, disk.sectors_of_track);
  words.set_long(57, cylinders * track, 2);
  words.set(59, disk.multiple ? 0x100 | disk.multiple : 0);
  words.set_long(60, std::min(disk.sectors, most_in_28_bits), 2);
  set_modes(words, disk.transfer_mode);
  words.set(80, 0x7e);  // ATA-1 to ATA/ATAPI-6
  constexpr std::uint32_t write_cache = 0x20, flushes_and_48_bits = 0x7400, valid = 0x4000;
  words.set(82, write_cache);
  words.set(83, flushes_and_48_bits);
  words.set(84, valid);
  words.set(85, write_cache);
  words.set(86, flushes_and_48_bits & ~valid);
  words.set(87, valid);
  words.set_long(100, disk.sectors, 4);
  return words.bytes();
}

std::vector<std::uint8_t> identify_cd(const std::string& name, std::uint32_t transfer_mode) {
  Words words;
  words.set(0, 0x85c0);  // ATAPI, a CD, removable, packets of 12 bytes
  set_names(words, name, "gdbvm CD-ROM");
  words.set(48, 1);
  words.set(49, 0x0f00);
  set_modes(words, transfer_mode);
  words.set(80, 0x7e);
  words.set(82, 0x4210);  // NOP, DEVICE RESET and packets
  words.set(83, 0x4000);
  words.set(84, 0x4000);
  words.set(85, 0x4210);
  words.set(87, 0x4000);
  return words.bytes();
}

bool accepts_feature(std::uint8_t feature, std::uint8_t value, std::uint32_t& transfer_mode) {
  enum : std::uint8_t {
    write_cache = 0x02,
    set_mode = 0x03,
    no_look_ahead = 0x55,
    no_revert = 0x66,
    no_cache = 0x82,
    look_ahead = 0xaa,
    revert = 0xcc
  };
  switch (feature) {
    case write_cache:
    case no_cache:
    case no_look_ahead:
    case look_ahead:
    case no_revert:
    case revert:
      return true;
    case set_mode:
      break;
    default:
      return false;
  }
  const unsigned kind = value >> 3, mode = value & 7;
  const bool there = kind == pio_default || (kind == pio && mode <= 4) ||
                     (kind == multiword_dma && mode < modes_multiword) || (kind == ultra_dma && mode < modes_ultra);
  if (there) transfer_mode = value;
  return there;
}

}  // namespace gdbvm::ide
