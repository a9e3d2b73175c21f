// How the connected client looks at the guest's memory.
#pragma once

#include "gdbstub/types.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/monitor/monitor.h"

namespace gdbvm {

struct ClientView {
  MonitorSelection selection;      // what it has chosen by monitor commands
  bool physical = false;           // its memory packets name guest-physical addresses (Qqemu.PhyMemMode)
  gdbstub::ThreadId last_read{1};  // whose address space it read last: a breakpoint's address is meant in that one

  // The registers by which the client's addresses on that CPU are translated. The CPU is held.
  x86::SystemRegisters space_of(Vcpu& vcpu) const {
    x86::SystemRegisters system = vcpu.system();
    if (selection.cr3) system.cr3 = *selection.cr3;
    return system;
  }
};

}  // namespace gdbvm
