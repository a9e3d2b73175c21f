// What the user says about an image beyond its bytes.
#pragma once

#include <optional>
#include <string>

#include "vmm/memory/address.h"

namespace gdbvm::boot {

// The mode in which a flat image is entered.
enum class Mode { Real, Protected, Long };
// Auto: by the image's bytes. The others force a loader on images that say something else.
enum class Protocol { Auto, Elf, Flat };

struct LoadOptions {
  std::optional<Gpa> load;   // flat images: where the first byte goes
  std::optional<Mode> mode;  // flat images; for an ELF only Protected
  Protocol protocol = Protocol::Auto;
  unsigned cpus = 1;               // the machine's, for the firmware tables
  std::string name = "the image";  // how error messages call it
};

}  // namespace gdbvm::boot
