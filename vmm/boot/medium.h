// Images that a PC's firmware boots: of disks, floppies and CDs, by what is at their start.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

struct Medium {
  enum class Kind : std::uint8_t { Disk, BootSector, Floppy, Cd } kind;
  std::string name;  // "disk image", for messages
};

// So many bytes from the start tell.
inline constexpr std::uint64_t medium_head = 0x9000;

// Bytes of the largest floppy image.
inline constexpr std::uint64_t largest_floppy = 2880 * 1024;
// Of the floppy that an image of at most that many is: as large, or with zeros behind it.
std::uint64_t floppy_size(std::uint64_t image_size);

// nullopt: it is no such image, or the options say how it is booted, or it is a kernel that starts without firmware.
// The error: it is one, and cannot be booted. A floppy image is exactly as large as one; what else has a boot sector is
// a disk, and one without partitions that would fit on a floppy a boot sector alone, which the firmware takes for a
// disk too.
std::expected<std::optional<Medium>, ImageError> find_medium(std::span<const std::uint8_t> head, std::uint64_t size,
                                                             const LoadOptions& options);

}  // namespace gdbvm::boot
