// The guest's exceptions in words and as GDB's signals.
#include "vmm/debug/guest/exceptions.h"

#include "vmm/debug/guest/idt.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

using gdbstub::Signal;

Signal signal_of_exception(std::uint8_t vector) {
  switch (vector) {
    case x86::exception::divide_error:
    case x86::exception::x87_error:
    case x86::exception::simd_error:
      return Signal::Fpe;
    case x86::exception::debug:
    case x86::exception::breakpoint:
      return Signal::Trap;
    case x86::exception::invalid_opcode:
      return Signal::Ill;
    case x86::exception::alignment_check:
      return Signal::Bus;
    default:
      return Signal::Segv;
  }
}

std::string describe_exception(const GuestView& view, Vcpu& vcpu, std::uint8_t vector) {
  const auto name = x86::name_of_exception(vector);
  std::string text = fmt::format("CPU {}: exception {} ({})", vcpu.index(), vector, name.empty() ? "exception" : name);
  const auto frame = frame_of(view, vcpu, vector);
  if (!frame) return text;
  if (frame->error_code) text += fmt::format(", error code {:#x}", *frame->error_code);
  if (vector == x86::exception::page_fault) text += fmt::format(", cr2 {:#x}", vcpu.system().cr2);
  return text + fmt::format(", from {:#x}:{:#x}", frame->cs, frame->rip);
}

}  // namespace gdbvm
