// Whether this host's KVM keeps page tables of its own for the guest's.
#pragma once

#include <string>

namespace gdbvm::kvm {

// false: the CPU walks the guest's tables itself (EPT, NPT), as the parameters of KVM's modules in `modules` say.
bool has_shadow_paging(const std::string& modules = "/sys/module");

}  // namespace gdbvm::kvm
