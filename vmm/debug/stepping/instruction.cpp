// The few kinds of instruction that a single step must treat with care.
#include "vmm/debug/stepping/instruction.h"

#include "vmm/debug/stepping/disassembly.h"
#include "vmm/x86/exceptions.h"

namespace gdbvm {

namespace {

bool writes_stack_segment(const ZydisDecoder& decoder, const ZydisDecoderContext& context,
                          const ZydisDecodedInstruction& instruction) {
  ZydisDecodedOperand operand;
  return ZYAN_SUCCESS(ZydisDecoderDecodeOperands(&decoder, &context, &instruction, &operand, 1)) &&
         operand.type == ZYDIS_OPERAND_TYPE_REGISTER && operand.reg.value == ZYDIS_REGISTER_SS;
}

Instruction::Kind kind_of(const ZydisDecoder& decoder, const ZydisDecoderContext& context,
                          const ZydisDecodedInstruction& instruction) {
  using enum Instruction::Kind;
  switch (instruction.mnemonic) {
    case ZYDIS_MNEMONIC_HLT:
      return Halt;
    case ZYDIS_MNEMONIC_PUSHF:
    case ZYDIS_MNEMONIC_PUSHFD:
    case ZYDIS_MNEMONIC_PUSHFQ:
      return PushFlags;
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
    case ZYDIS_MNEMONIC_MOV:
    case ZYDIS_MNEMONIC_POP:
      return writes_stack_segment(decoder, context, instruction) ? LoadStack : Plain;
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
  Instruction instruction{kind_of(decoder, context, decoded), decoded.length, 0};
  if (decoded.mnemonic == ZYDIS_MNEMONIC_INTO) instruction.vector = x86::exception::overflow;
  if (decoded.mnemonic == ZYDIS_MNEMONIC_INT)
    instruction.vector = static_cast<std::uint8_t>(decoded.raw.imm[0].value.u);
  return instruction;
}

}  // namespace gdbvm
