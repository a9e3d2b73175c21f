#include "vmm/debug/stepping/lost_push.h"

#include <algorithm>
#include <array>

#include "vmm/debug/stepping/disassembly.h"
#include "vmm/debug/stepping/memory_operands.h"
#include "vmm/memory/little_endian.h"

namespace gdbvm {

namespace {

// The pointer in memory is the one that was followed.
bool led_here(const MemoryAccess& pointer, unsigned size, Vcpu& vcpu, const GuestView& view) {
  std::array<std::uint8_t, 10> bytes{};
  const auto count = view.read(vcpu, pointer.address, std::span(bytes).first(size + 2));
  return count && *count == size + 2 && little_endian(std::span(bytes).first(size)) == vcpu.general().rip &&
         little_endian(std::span(bytes).subspan(size, 2)) == vcpu.system().cs.selector;
}

bool is_far_call(std::span<const std::uint8_t> code, unsigned size, Vcpu& vcpu, const GuestView& view,
                 const x86::GeneralRegisters& before) {
  const ZydisDecoder decoder = decoder_for(x86::CpuMode::Long);
  Decoded decoded;
  auto& [instruction, operand] = decoded;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data(), code.size(), &instruction, operand))) return false;
  if (instruction.length != code.size() || instruction.mnemonic != ZYDIS_MNEMONIC_CALL ||
      instruction.meta.branch_type != ZYDIS_BRANCH_TYPE_FAR) {
    return false;
  }
  for (const MemoryAccess& access : memory_operands(code, before, vcpu.system())) {
    if (access.read && led_here(access, size, vcpu, view)) return true;
  }
  return false;
}

// The bytes before an address, as many as an instruction may have and can be read.
std::span<const std::uint8_t> code_before(Gva end, Vcpu& vcpu, const GuestView& view,
                                          std::array<std::uint8_t, 15>& code) {
  const std::uint64_t in_page = (end.value - 1) % page_size + 1;
  for (const std::uint64_t length : {std::uint64_t{code.size()}, std::min<std::uint64_t>(in_page, code.size())}) {
    if (length > end.value) continue;
    const auto count = view.read(vcpu, Gva{end.value - length}, std::span(code).first(length));
    if (count && *count == length) return std::span(code).first(length);
  }
  return {};
}

// Opcode ff /3 (SDM vol. 2, CALL): the only far call of 64-bit mode.
bool may_be_far_call(std::span<const std::uint8_t> code) {
  for (std::size_t i = 0; i + 1 < code.size(); ++i) {
    if (code[i] == 0xff && (code[i + 1] >> 3 & 7) == 3) return true;
  }
  return false;
}

}  // namespace

std::optional<LostPush> lost_push(const exits::Mmio& last_push, Vcpu& vcpu, const GuestView& view) {
  const auto size = static_cast<unsigned>(last_push.bytes.size());
  const bool is_write = last_push.direction == exits::Mmio::Direction::Write;
  if (!is_write || x86::mode_of(vcpu.system(), vcpu.general().rflags) != x86::CpuMode::Long) return std::nullopt;
  const Gva top{vcpu.general().rsp};
  const auto place = view.translate(vcpu, top);
  if (!place || *place != last_push.address) return std::nullopt;
  const Gva end{little_endian(last_push.bytes)};
  std::array<std::uint8_t, 15> bytes{};
  for (auto code = code_before(end, vcpu, view, bytes); may_be_far_call(code); code = code.subspan(1)) {
    auto before = vcpu.general();
    before.rip = end.value - code.size();
    before.rsp += 2 * size;
    if (is_far_call(code, size, vcpu, view, before)) return LostPush{top + size, size};
  }
  return std::nullopt;
}

}  // namespace gdbvm
