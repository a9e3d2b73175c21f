// What of a CPU's registers makes its address space.
#include "vmm/debug/stops/address_space.h"

#include <algorithm>

namespace gdbvm {

bool AddressSpace::reaches(Gva address) const {
  constexpr std::uint64_t real_mode_end = 0x10fff0;
  return (paging.cr0 & x86::cr0::pe) || address.value < real_mode_end;
}

AddressSpace address_space_of(Vcpu& vcpu, const HostStops& host) {
  using enum HostStops::Int3;
  const auto& system = vcpu.system();
  const auto mode = stop_mode(system, vcpu.general().rflags);
  AddressSpace space;
  space.paging.cr0 = system.cr0 & (x86::cr0::pg | x86::cr0::pe);
  space.paging.cr3 = system.cr3;
  space.paging.cr4 = system.cr4;
  space.paging.efer = system.efer;
  const bool in_real_mode = mode == HostStops::Real;
  space.int3_stops = host.int3[HostStops::Long] != GoesToGuest && !(in_real_mode && host.int3[mode] == GoesToGuest);
  space.registers_stop_code = host.execute_register[mode];
  space.registers_stop_data = host.data_register[mode];
  return space;
}

std::vector<AddressSpace> address_spaces(Machine& machine, Vcpu& first, const HostStops& host) {
  std::vector<AddressSpace> found{address_space_of(first, host)};
  for (std::uint32_t i = 0; i < machine.cpus(); ++i) {
    const AddressSpace space = address_space_of(machine.vcpu({i}), host);
    if (std::ranges::none_of(found, [&](const AddressSpace& other) { return other.translates_like(space); })) {
      found.push_back(space);
    }
  }
  return found;
}

}  // namespace gdbvm
