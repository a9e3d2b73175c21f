// What the user says about an image, and what the kernel is told about the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vmm/memory/address.h"

namespace gdbvm::boot {

// The mode in which a flat image is entered.
enum class Mode { Real, Protected, Long };
// Auto: by the image's bytes. The others force a loader on images that say something else. Multiboot is version 2 where
// the image has its header and it can be met, else version 1.
enum class Protocol { Auto, Linux, Pvh, Multiboot, Multiboot1, Multiboot2, Elf, Flat, Firmware };

// A file that goes along with a kernel: an initrd, or a multiboot module.
struct Module {
  std::string name;          // the file's
  std::string command_line;  // what the kernel is told about it
  std::vector<std::uint8_t> bytes;
};

struct LoadOptions {
  std::optional<Gpa> load;   // flat images: where the first byte goes
  std::optional<Mode> mode;  // flat images; for an ELF only Protected
  Protocol protocol = Protocol::Auto;
  unsigned cpus = 1;                 // the machine's, for the firmware tables
  unsigned virtio_devices = 0;       // likewise
  std::string name = "the image";    // how error messages call it
  std::string command_line = {};     // the kernel's
  std::vector<Module> modules = {};  // in the order given
};

}  // namespace gdbvm::boot
