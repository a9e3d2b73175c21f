// A breakpoint at what gdb has taken for a return address, in code whose return addresses gdb cannot read.
#pragma once

#include <string>

#include "vmm/debug/guest/guest_view.h"

namespace gdbvm {

// In 16-bit code gdb reads 32 bits where a call has pushed 16, or an offset and a segment, and plants the breakpoint
// that ends `next` or `finish` at an address that no CPU comes to. What to do about it, in a sentence for the user;
// empty if the breakpoint at `address` is not of that kind. The CPU is held.
std::string describe_misread_return(const GuestView& view, Vcpu& vcpu, Gva address);

}  // namespace gdbvm
