// The few kinds of instruction that a single step must treat with care.
#include "vmm/debug/stepping/instruction.h"

#include <array>

#include "vmm/debug/stepping/disassembly.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

Instruction::Kind kind_of(ZydisMnemonic mnemonic) {
  using enum Instruction::Kind;
  switch (mnemonic) {
    case ZYDIS_MNEMONIC_HLT:
      return Halt;
    case ZYDIS_MNEMONIC_PUSHF:
    case ZYDIS_MNEMONIC_PUSHFD:
    case ZYDIS_MNEMONIC_PUSHFQ:
      return PushFlags;
    case ZYDIS_MNEMONIC_POPF:
    case ZYDIS_MNEMONIC_POPFD:
    case ZYDIS_MNEMONIC_POPFQ:
      return PopFlags;
    case ZYDIS_MNEMONIC_SYSCALL:
      return Syscall;
    case ZYDIS_MNEMONIC_INT:
    case ZYDIS_MNEMONIC_INTO:
      return Interrupt;
    case ZYDIS_MNEMONIC_INT3:
      return Breakpoint;
    case ZYDIS_MNEMONIC_IRET:
    case ZYDIS_MNEMONIC_IRETD:
    case ZYDIS_MNEMONIC_IRETQ:
      return InterruptReturn;
    default:
      return Plain;
  }
}

}  // namespace

Instruction decode(std::span<const std::uint8_t> bytes, x86::CpuMode mode) {
  const ZydisDecoder decoder = decoder_for(mode);
  ZydisDecoderContext context;
  ZydisDecodedInstruction decoded;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, &context, bytes.data(), bytes.size(), &decoded))) return {};
  Instruction instruction{kind_of(decoded.mnemonic), decoded.length, 0};
  if (decoded.mnemonic == ZYDIS_MNEMONIC_RET && decoded.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) {
    instruction.kind = Instruction::Kind::FarReturn;
  }
  if (decoded.mnemonic == ZYDIS_MNEMONIC_INTO) instruction.vector = x86::exception::overflow;
  if (decoded.mnemonic == ZYDIS_MNEMONIC_INT)
    instruction.vector = static_cast<std::uint8_t>(decoded.raw.imm[0].value.u);
  return instruction;
}

Instruction current_instruction(const GuestView& view, Vcpu& vcpu) {
  std::array<std::uint8_t, 15> bytes{};
  const auto count = view.read(vcpu, pc_of(vcpu), bytes);
  if (!count) return {};
  return decode({bytes.data(), *count}, x86::mode_of(vcpu.system(), vcpu.general().rflags));
}

}  // namespace gdbvm
