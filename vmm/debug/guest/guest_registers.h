// The registers of one vCPU by the numbers of the target description that fits the image.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "gdbstub/target_description.h"
#include "vmm/boot/boot_plan.h"
#include "vmm/debug/guest/register_access.h"
#include "vmm/hypervisor/vcpu.h"

namespace gdbvm {

// What the debugger is told: the register table, cut to the image's architecture and to the CPU's features.
gdbstub::TargetDescription describe_registers(boot::GuestArchitecture architecture, const x86::CpuFeatures& features);

// The vCPU is parked, or its own thread calls. Banks that cost an ioctl are fetched once and kept until forget().
class GuestRegisters final {
 public:
  GuestRegisters(boot::GuestArchitecture architecture, const x86::CpuFeatures& features, Vcpu& vcpu);

  // `out` and `bytes` have the register's size in the description.
  gdbstub::Result<> read(gdbstub::RegisterNumber number, gdbstub::MutableBytes out);
  gdbstub::Result<> write(gdbstub::RegisterNumber number, gdbstub::Bytes bytes);
  // The vCPU has run, or somebody else wrote its state.
  void forget() { access_.forget(); }
  // Every register with its value in hexadecimal, in the table's order.
  void for_each(const std::function<void(std::string_view name, std::string_view value)>& visit);

 private:
  x86::View view_;
  std::vector<const x86::Register*> registers_;
  x86::RegisterAccess access_;
};

}  // namespace gdbvm
