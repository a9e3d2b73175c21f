// The image and its modules, read from their files and laid out as the guest finds them.
#pragma once

#include "vmm/app/options/guest.h"
#include "vmm/boot/boot_plan.h"

namespace gdbvm {

// Throws SetupError with a sentence when a file cannot be read or the image cannot be booted.
boot::BootPlan plan_image(const GuestOptions& options, std::size_t virtio_devices);

}  // namespace gdbvm
