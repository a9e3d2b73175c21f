// A way in which CPUs translate addresses, and which stops work on a CPU that does so.
#pragma once

#include <vector>

#include "vmm/debug/stops/host_stops.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/machine/machine.h"

namespace gdbvm {

struct AddressSpace {
  x86::SystemRegisters paging;  // what translation depends on, all else zero
  bool int3_stops = false;      // an int3 of ours in its code is reported, or KVM fails on it
  bool registers_stop_code = false, registers_stop_data = false;
  bool operator==(const AddressSpace&) const = default;

  bool translates_like(const AddressSpace& other) const { return paging == other.paging; }
  // A CPU that has just been started, or waits to be, reaches no more of the memory that others have mapped.
  bool reaches(Gva address) const;
};

AddressSpace address_space_of(Vcpu& vcpu, const HostStops& host);
// One for each way of translating addresses that there is now, that of `first` before all others.
std::vector<AddressSpace> address_spaces(Machine& machine, Vcpu& first, const HostStops& host);

}  // namespace gdbvm
