#include "vmm/kvm/shadow_paging.h"

#include <fstream>

namespace gdbvm::kvm {

bool has_shadow_paging(const std::string& modules) {
  for (const char* parameter : {"/kvm_intel/parameters/ept", "/kvm_amd/parameters/npt"}) {
    char value = 0;
    if (std::ifstream(modules + parameter) >> value && (value == 'Y' || value == '1')) return false;
  }
  return true;
}

}  // namespace gdbvm::kvm
