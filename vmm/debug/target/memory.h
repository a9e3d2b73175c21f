// Guest memory as the client asks for it: virtual or physical, through the page tables it has chosen.
#pragma once

#include "gdbstub/target.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/target/client_view.h"

namespace gdbvm {

class MachineMemory final : public gdbstub::MemoryMap, public gdbstub::AddressSpace {
 public:
  MachineMemory(Debuggee& debuggee, ClientView& view) : debuggee_(debuggee), view_(view) {}

  // As gdbstub::Target's.
  gdbstub::Result<std::size_t> read(gdbstub::ThreadId thread, gdbstub::Address address, gdbstub::MutableBytes out);
  gdbstub::Result<> write(gdbstub::ThreadId thread, gdbstub::Address address, gdbstub::Bytes bytes);
  // gdbstub::MemoryMap
  std::vector<gdbstub::MemoryRegion> regions() override;
  // gdbstub::AddressSpace
  gdbstub::AddressRange range_at(gdbstub::ThreadId thread, gdbstub::Address address) override;

 private:
  Debuggee& debuggee_;
  ClientView& view_;
};

}  // namespace gdbvm
