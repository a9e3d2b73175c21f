#include "vmm/debug/stepping/guarded_access.h"

#include <algorithm>
#include <array>

#include "vmm/debug/stepping/disassembly.h"
#include "vmm/debug/stepping/memory_operands.h"

namespace gdbvm {

namespace {

bool guarded(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards, Gva start, std::uint64_t size) {
  const Gva last = start + (size - 1);
  for (Gva page = start.page(); page <= last; page = page + page_size) {
    const auto place = view.translate(vcpu, page);
    if (place && guards.guards(*place)) return true;
    if (page.value > ~std::uint64_t{0} - page_size) break;
  }
  return false;
}

// It loads or looks at a descriptor, or goes through a gate.
bool uses_descriptors(const Decoded& decoded) {
  const auto& instruction = decoded.instruction;
  const auto loads_segment = [](const ZydisDecodedOperand& operand) {
    return operand.type == ZYDIS_OPERAND_TYPE_REGISTER && (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) &&
           ZydisRegisterGetClass(operand.reg.value) == ZYDIS_REGCLASS_SEGMENT;
  };
  if (std::any_of(decoded.operand, decoded.operand + instruction.operand_count, loads_segment)) return true;
  if (instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) return true;
  switch (instruction.mnemonic) {
    case ZYDIS_MNEMONIC_INT:
    case ZYDIS_MNEMONIC_INT1:
    case ZYDIS_MNEMONIC_INT3:
    case ZYDIS_MNEMONIC_INTO:
    case ZYDIS_MNEMONIC_IRET:
    case ZYDIS_MNEMONIC_IRETD:
    case ZYDIS_MNEMONIC_IRETQ:
    case ZYDIS_MNEMONIC_LAR:
    case ZYDIS_MNEMONIC_LLDT:
    case ZYDIS_MNEMONIC_LSL:
    case ZYDIS_MNEMONIC_LTR:
    case ZYDIS_MNEMONIC_VERR:
    case ZYDIS_MNEMONIC_VERW:
      return true;
    default:
      return false;
  }
}

bool descriptors_guarded(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards) {
  const auto& s = vcpu.system();
  const auto any = [&](std::uint64_t base, std::uint64_t limit) {
    return guarded(vcpu, view, guards, {base}, limit + 1);
  };
  return any(s.gdt.base, s.gdt.limit) || any(s.idt.base, s.idt.limit) ||
         (s.ldt.present && any(s.ldt.base, s.ldt.limit)) || (s.tr.present && any(s.tr.base, s.tr.limit));
}

constexpr std::uint64_t stack_of_an_instruction = 256;  // more than one pushes or pops, but for enter

bool stack_guarded(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards) {
  const Gva top{vcpu.system().ss.base + vcpu.general().rsp};
  const std::uint64_t below = std::min(stack_of_an_instruction, top.value);
  return guarded(vcpu, view, guards, {top.value - below}, below + stack_of_an_instruction);
}

}  // namespace

bool needs_open_pages(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards) {
  if (!guards.any()) return false;
  std::array<std::uint8_t, 15> bytes{};
  const auto count = view.read(vcpu, pc_of(vcpu), bytes);
  if (!count) return false;
  const auto& system = vcpu.system();
  const ZydisDecoder decoder = decoder_for(x86::mode_of(system, vcpu.general().rflags));
  Decoded decoded;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes.data(), *count, &decoded.instruction, decoded.operand))) {
    return false;
  }
  if (uses_descriptors(decoded) && (descriptors_guarded(vcpu, view, guards) || stack_guarded(vcpu, view, guards))) {
    return true;
  }
  const auto accesses = memory_operands(std::span(bytes).first(*count), vcpu.general(), system);
  constexpr std::uint64_t one_exit = 8;
  const auto is_guarded = [&](const MemoryAccess& access) {
    return guarded(vcpu, view, guards, access.address, std::min(access.size, page_size));
  };
  const auto spreads = [&](const MemoryAccess& access) {
    return access.element > one_exit || access.address.page_offset() + access.element > page_size;
  };
  return std::ranges::any_of(accesses, is_guarded) && (accesses.size() > 1 || std::ranges::any_of(accesses, spreads));
}

bool may_lose_pushes(Vcpu& vcpu, const GuestView& view, const SlotWatchpoints& guards) {
  if (!guards.any()) return false;
  const auto mode = x86::mode_of(vcpu.system(), vcpu.general().rflags);
  return mode != x86::CpuMode::Long && stack_guarded(vcpu, view, guards);
}

}  // namespace gdbvm
