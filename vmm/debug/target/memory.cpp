// Reads and writes while the CPUs are held for a moment.
#include "vmm/debug/target/memory.h"

#include "vmm/memory/mapped_ranges.h"

namespace gdbvm {

using namespace gdbstub;

Result<std::size_t> MachineMemory::read(ThreadId thread, Address address, MutableBytes out) {
  view_.last_read = thread;
  RunControl& control = debuggee_.run_control();
  return control.held([&] {
    return view_.physical ? control.view().read_physical({address.value}, out)
                          : control.view().read(view_.space_of(debuggee_.vcpu(thread)), {address.value}, out);
  });
}

Result<> MachineMemory::write(ThreadId thread, Address address, Bytes bytes) {
  RunControl& control = debuggee_.run_control();
  if (auto may = debuggee_.history().is_changed(); !may) return may;
  return control.held([&] {
    return view_.physical ? control.view().write_physical({address.value}, bytes)
                          : control.view().write(view_.space_of(debuggee_.vcpu(thread)), {address.value}, bytes);
  });
}

// The debugger's addresses are virtual: any of them may be mapped to RAM, and one that is not says so when it is read.
// Only ROM is singled out, where it is seen at its physical address.
std::vector<MemoryRegion> MachineMemory::regions() {
  std::vector<MemoryRegion> regions;
  std::uint64_t at = 0;
  for (const auto& rom : debuggee_.machine().slots().roms()) {
    if (rom.start.value > at) regions.push_back({MemoryRegion::Kind::Ram, {at}, rom.start.value - at});
    regions.push_back({MemoryRegion::Kind::Rom, {rom.start.value}, rom.size});
    at = rom.start.value + rom.size;
  }
  regions.push_back({MemoryRegion::Kind::Ram, {at}, ~std::uint64_t{0} - at});
  return regions;
}

// Page tables have no right to read: what is mapped is readable. Physical addresses are those of a CPU without paging.
AddressRange MachineMemory::range_at(ThreadId thread, Address address) {
  return debuggee_.run_control().held([&] {
    const auto system = view_.physical ? x86::SystemRegisters{} : view_.space_of(debuggee_.vcpu(thread));
    const AddressSpan span = MappedRanges(debuggee_.machine().memory(), system).around({address.value});
    const bool mapped = span.rights.has_value();
    const auto rights = span.rights.value_or(paging::Rights{.writable = false, .user = false, .executable = false});
    return AddressRange{{span.start.value}, span.size, mapped, mapped, rights.writable, rights.executable};
  });
}

}  // namespace gdbvm
