// What drives say of themselves: IDENTIFY DEVICE (ATA/ATAPI-6, 8.15) and IDENTIFY PACKET DEVICE (8.16), and the
// features that both let be set.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gdbvm::ide {

// What a disk tells of itself where nothing else decides.
inline constexpr std::uint32_t natural_heads = 16, natural_sectors = 63;

inline constexpr std::size_t identity_size = 512;

struct Geometry {
  std::uint32_t cylinders, heads, sectors;
};
// As BIOSes expect it of a disk of that size: 16 heads, 63 sectors in a track, at most 16383 cylinders.
Geometry natural_geometry(std::uint64_t sectors);

struct DiskIdentity {
  std::string name;  // its end is the serial number
  std::uint64_t sectors;
  std::uint32_t heads, sectors_of_track;  // as the host addresses it
  std::uint32_t multiple, transfer_mode;
};
std::vector<std::uint8_t> identify_disk(const DiskIdentity& disk);
std::vector<std::uint8_t> identify_cd(const std::string& name, std::uint32_t transfer_mode);

// SET FEATURES: is it one that changes nothing here, or a transfer mode that there is, which is then noted?
bool accepts_feature(std::uint8_t feature, std::uint8_t value, std::uint32_t& transfer_mode);

}  // namespace gdbvm::ide
