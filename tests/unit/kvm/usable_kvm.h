// Whether there is a KVM to test with: the kernel itself is asked, so that a bug in gdbvm is not mistaken for no KVM.
#pragma once

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vmm/kvm/uapi.h"

namespace gdbvm::kvm {

inline bool usable_kvm() {
  const int fd = ::open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  const bool is_kvm = ::ioctl(fd, KVM_GET_API_VERSION, 0) >= 0;
  ::close(fd);
  return is_kvm;
}

constexpr const char* no_kvm = "NO USABLE /dev/kvm HERE: nothing of the real KVM was tested";

}  // namespace gdbvm::kvm
