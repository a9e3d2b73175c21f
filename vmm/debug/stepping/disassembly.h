// Zydis set up for a CPU's mode, and its numbering of what the CPU has.
#pragma once

#include <Zydis/Zydis.h>

#include "vmm/x86/cpu_state.h"

namespace gdbvm {

ZydisDecoder decoder_for(x86::CpuMode mode);

struct Decoded {
  ZydisDecodedInstruction instruction;
  ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

// The general registers in the order in which instructions number them.
inline constexpr std::uint64_t x86::GeneralRegisters::* encoding_order[] = {
    &x86::GeneralRegisters::rax, &x86::GeneralRegisters::rcx, &x86::GeneralRegisters::rdx, &x86::GeneralRegisters::rbx,
    &x86::GeneralRegisters::rsp, &x86::GeneralRegisters::rbp, &x86::GeneralRegisters::rsi, &x86::GeneralRegisters::rdi,
    &x86::GeneralRegisters::r8,  &x86::GeneralRegisters::r9,  &x86::GeneralRegisters::r10, &x86::GeneralRegisters::r11,
    &x86::GeneralRegisters::r12, &x86::GeneralRegisters::r13, &x86::GeneralRegisters::r14, &x86::GeneralRegisters::r15};

}  // namespace gdbvm
