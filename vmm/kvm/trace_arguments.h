// KVM's ioctl numbers and argument structures in words, for the trace.
#pragma once

#include <string>

namespace gdbvm::kvm {

struct TracedCall {
  std::string name;
  std::string arguments;
};
// `argument` as it was given to ioctl(2), after the call: an integer, or the address of a structure.
TracedCall describe_call(unsigned long request, unsigned long argument);

}  // namespace gdbvm::kvm
