// The boundary itself: kvm_run as the kernel left it -> Exit.
#pragma once

#include <cstddef>

#include "vmm/hypervisor/exit.h"

struct kvm_run;

namespace gdbvm::kvm {

// After KVM_RUN returned 0. `size` is that of the whole mapping; spans in the result point into it.
Exit exit_from(kvm_run& run, std::size_t size);
// After KVM_RUN returned -1 with `error` in errno.
Exit exit_from_error(int error);

}  // namespace gdbvm::kvm
