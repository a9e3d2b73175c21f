// The layout of a snapshot's file:
//
//   FileHeader
//   body     a Description, the ROMs, the states of the machine and of its disks (vmm/devices/state.h)
//   RAM      and the display's memory, from ram_offset on, as in GuestMemory::map_file(); pages of zeros are holes
//
// Little-endian, as the guest and its host are. Everything but RAM is under the checksum: RAM is never read as a whole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace gdbvm::snapshot {

inline constexpr std::array<char, 16> file_magic{"gdbvm snapshot\n"};
// Another layout of the file or of the body, or other places of RAM. Devices have versions of their own.
inline constexpr std::uint32_t file_version = 3;

// What such a file is.
struct FileKind {
  std::array<char, 16> magic;
  std::uint32_t version;
  const char* name;
  const char* used_by;  // "a newer gdbvm restores it"
  bool goes_on;         // after RAM
};
inline constexpr FileKind snapshot_file{file_magic, file_version, "snapshot", "restores", false};
// The machine at the beginning, with the records of what it has done after RAM (vmm/history/recording_format.h).
inline constexpr FileKind recording_file{{"gdbvm recording"}, 1, "recording", "replays", true};

struct FileHeader {
  std::array<char, 16> magic = file_magic;
  std::uint32_t version = file_version;
  std::uint32_t reserved = 0;
  std::uint64_t checksum = 0;
  std::uint64_t body_size = 0;     // bytes
  std::uint64_t ram_offset = 0;    // a multiple of the page size
  std::uint64_t ram_size = 0;      // bytes, a positive multiple of the page size
  std::uint64_t display_size = 0;  // bytes, a multiple of the page size
};
static_assert(sizeof(FileHeader) == 64);

// Of the header, whatever its checksum, and the body: FNV-1a, 64 bits.
std::uint64_t checksum_of(FileHeader header, std::span<const std::byte> body);

bool is_own(int fd, const FileKind& kind);
inline bool is_own_snapshot(int fd) { return is_own(fd, snapshot_file); }

}  // namespace gdbvm::snapshot
