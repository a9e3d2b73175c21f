// The virtio entropy device (Virtual I/O Device 1.2, 5.4): random bytes of the host's.
#pragma once

#include "vmm/devices/virtio/device.h"

namespace gdbvm::virtio {

class Entropy final : public Device {
 public:
  std::uint32_t id() const override { return 4; }
  std::uint32_t serve(Request& request) override;
};

}  // namespace gdbvm::virtio
