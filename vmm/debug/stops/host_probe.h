// Finds out what this host's KVM reports to a debugger, with a throwaway VM that runs a few bytes in each CPU mode.
#pragma once

#include "vmm/debug/stops/host_stops.h"
#include "vmm/hypervisor/vm.h"

namespace gdbvm {

// `vm` is new, has no in-kernel devices (hlt leaves the guest) and no slots or CPUs; the probe uses it up. A few
// milliseconds. Throws what Vm and Vcpu throw.
HostStops probe_host(Vm& vm);

}  // namespace gdbvm
