// Which memory one instruction touches, by its operands: what a stepped watchpoint compares with.
#include "vmm/debug/stepping/memory_operands.h"

#include <algorithm>
#include <cstring>

#include "vmm/debug/stepping/disassembly.h"

namespace gdbvm {

namespace {

using x86::GeneralRegisters;
using x86::SystemRegisters;

ZydisRegisterContext context_of(const GeneralRegisters& g) {
  ZydisRegisterContext context;
  std::memset(&context, 0, sizeof context);
  constexpr struct {
    ZydisRegister first;
    std::uint64_t mask;
  } widths[] = {{ZYDIS_REGISTER_RAX, ~std::uint64_t{0}}, {ZYDIS_REGISTER_EAX, 0xffffffff}, {ZYDIS_REGISTER_AX, 0xffff}};
  for (const auto& width : widths) {
    for (unsigned i = 0; i < 16; ++i) context.values[width.first + i] = g.*encoding_order[i] & width.mask;
  }
  context.values[ZYDIS_REGISTER_AL] = g.rax & 0xff;  // xlat
  context.values[ZYDIS_REGISTER_RIP] = g.rip;
  context.values[ZYDIS_REGISTER_EIP] = g.rip & 0xffffffff;
  context.values[ZYDIS_REGISTER_IP] = g.rip & 0xffff;
  return context;
}

std::uint64_t segment_base(ZydisRegister segment, const SystemRegisters& s, bool long_mode) {
  switch (segment) {
    case ZYDIS_REGISTER_FS:
      return s.fs.base;
    case ZYDIS_REGISTER_GS:
      return s.gs.base;
    case ZYDIS_REGISTER_CS:
      return long_mode ? 0 : s.cs.base;
    case ZYDIS_REGISTER_DS:
      return long_mode ? 0 : s.ds.base;
    case ZYDIS_REGISTER_ES:
      return long_mode ? 0 : s.es.base;
    case ZYDIS_REGISTER_SS:
      return long_mode ? 0 : s.ss.base;
    default:
      return 0;
  }
}

// push and call write below the stack pointer that Zydis computes with.
bool grows_stack(const ZydisDecodedInstruction& instruction, const ZydisDecodedOperand& operand) {
  const auto base = operand.mem.base;
  const bool on_stack = base == ZYDIS_REGISTER_RSP || base == ZYDIS_REGISTER_ESP || base == ZYDIS_REGISTER_SP;
  const auto category = instruction.meta.category;
  return on_stack && operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
         (category == ZYDIS_CATEGORY_PUSH || category == ZYDIS_CATEGORY_CALL || category == ZYDIS_CATEGORY_INTERRUPT);
}

std::uint64_t repetitions(const ZydisDecodedInstruction& instruction, const GeneralRegisters& g,
                          const GeneralRegisters* after) {
  constexpr auto any_rep = ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE;
  if (!(instruction.attributes & any_rep)) return 1;
  const unsigned width = instruction.address_width;
  const std::uint64_t count = after ? g.rcx - after->rcx : g.rcx;
  return width == 64 ? count : count & ((std::uint64_t{1} << width) - 1);
}

MemoryAccess access_of(const Decoded& decoded, const ZydisDecodedOperand& operand, std::uint64_t offset,
                       const GeneralRegisters& g, const SystemRegisters& s, bool long_mode, std::uint64_t count) {
  const std::uint64_t element = operand.size / 8;
  MemoryAccess access{{offset + segment_base(operand.mem.segment, s, long_mode)},
                      element,
                      element,
                      (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0,
                      (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0};
  if (grows_stack(decoded.instruction, operand)) access.address.value -= element;
  if (count > 1) {
    const std::uint64_t most = std::uint64_t{1} << 32;  // beyond any guest's RAM; keeps the product small
    access.size = element * std::min(count, most);
    if (g.rflags & x86::rflags::df) access.address.value -= access.size - element;
  }
  if (!long_mode) access.address.value &= 0xffffffff;
  return access;
}

}  // namespace

std::vector<MemoryAccess> memory_operands(std::span<const std::uint8_t> bytes, const GeneralRegisters& general,
                                          const SystemRegisters& system, const GeneralRegisters* after) {
  const auto mode = x86::mode_of(system, general.rflags);
  const ZydisDecoder decoder = decoder_for(mode);
  Decoded decoded;
  if (!ZYAN_SUCCESS(
          ZydisDecoderDecodeFull(&decoder, bytes.data(), bytes.size(), &decoded.instruction, decoded.operand))) {
    return {};
  }
  const ZydisRegisterContext context = context_of(general);
  std::vector<MemoryAccess> accesses;
  const std::uint64_t count = repetitions(decoded.instruction, general, after);
  if (count == 0) return accesses;
  for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
    const ZydisDecodedOperand& operand = decoded.operand[i];
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.type == ZYDIS_MEMOP_TYPE_AGEN) continue;
    ZyanU64 offset = 0;
    if (!ZYAN_SUCCESS(ZydisCalcAbsoluteAddressEx(&decoded.instruction, &operand, general.rip, &context, &offset)))
      continue;
    accesses.push_back(access_of(decoded, operand, offset, general, system, mode == x86::CpuMode::Long, count));
  }
  return accesses;
}

}  // namespace gdbvm
