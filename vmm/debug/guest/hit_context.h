// The stopped vCPU as an agent expression sees it.
#pragma once

#include <functional>

#include "gdbstub/hit_action.h"
#include "vmm/debug/guest/guest_registers.h"
#include "vmm/debug/guest/guest_view.h"

namespace gdbvm {

class VcpuHitContext final : public gdbstub::HitContext {
 public:
  using PrintText = std::function<void(std::string_view)>;
  VcpuHitContext(Vcpu& vcpu, GuestRegisters& registers, GuestView& view, PrintText print,
                 std::function<void()> trace_ended)
      : vcpu_(vcpu), registers_(registers), view_(view), print_(std::move(print)), ended_(std::move(trace_ended)) {}

  gdbstub::Result<> read_register(gdbstub::RegisterNumber number, gdbstub::MutableBytes out) override {
    return registers_.read(number, out);
  }
  gdbstub::Result<> read_memory(gdbstub::Address address, gdbstub::MutableBytes out) override {
    const auto count = view_.read(vcpu_, {address.value}, out);
    if (!count) return std::unexpected(count.error());
    if (*count < out.size()) return gdbstub::fail(fmt::format("memory ends at {}", address + *count));
    return {};
  }
  gdbstub::Result<> write_memory(gdbstub::Address address, gdbstub::Bytes bytes) override {
    return view_.write(vcpu_, {address.value}, bytes);
  }
  void print(std::string_view text) override { print_(text); }
  void trace_ended() override { ended_(); }

 private:
  Vcpu& vcpu_;
  GuestRegisters& registers_;
  GuestView& view_;
  PrintText print_;
  std::function<void()> ended_;
};

}  // namespace gdbvm
