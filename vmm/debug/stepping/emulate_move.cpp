#include "vmm/debug/stepping/emulate_move.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "vmm/debug/stepping/disassembly.h"

namespace gdbvm {

namespace {

using x86::GeneralRegisters;

// Nothing but the next instruction is under way.
bool is_at_rest(Vcpu& vcpu) {
  const auto& system = vcpu.system();
  const auto rflags = vcpu.general().rflags;
  if (x86::mode_of(system, rflags) != x86::CpuMode::Long || x86::privilege_level(system) != 0) return false;
  if (rflags & x86::rflags::tf) return false;
  const auto events = vcpu.events();
  return !events.exception.injected && !events.exception.pending && !events.interrupt.injected &&
         !events.interrupt.shadow && !events.nmi.injected;
}

// From one page only: the CPU has not yet checked that the next page may be executed.
std::optional<Decoded> decode_at(Vcpu& vcpu, const GuestView& view) {
  static const ZydisDecoder decoder = decoder_for(x86::CpuMode::Long);
  std::array<std::uint8_t, 15> bytes{};
  const Gva pc{vcpu.general().rip};
  const auto count = view.read(vcpu, pc, std::span(bytes).first(std::min(bytes.size(), page_size - pc.page_offset())));
  Decoded decoded;
  if (!count ||
      !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes.data(), *count, &decoded.instruction, decoded.operand))) {
    return std::nullopt;
  }
  return decoded;
}

// The whole register that a general register of any size but ah to bh is the low part of.
std::uint64_t* whole(GeneralRegisters& g, ZydisRegister part) {
  if (part >= ZYDIS_REGISTER_AH && part <= ZYDIS_REGISTER_BH) return nullptr;
  const auto all = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, part);
  if (ZydisRegisterGetClass(all) != ZYDIS_REGCLASS_GPR64) return nullptr;
  return &(g.*encoding_order[ZydisRegisterGetId(all)]);
}

// [base + index * scale + displacement], with a segment that starts at 0.
std::optional<Gva> address_of(const Decoded& decoded, const ZydisDecodedOperand& operand, GeneralRegisters& g) {
  const auto& memory = operand.mem;
  const bool flat = memory.segment != ZYDIS_REGISTER_FS && memory.segment != ZYDIS_REGISTER_GS;
  if (!flat || decoded.instruction.address_width != 64) return std::nullopt;
  std::uint64_t address = memory.disp.has_displacement ? static_cast<std::uint64_t>(memory.disp.value) : 0;
  if (memory.base == ZYDIS_REGISTER_RIP) {
    address += g.rip + decoded.instruction.length;
  } else if (memory.base != ZYDIS_REGISTER_NONE) {
    address += *whole(g, memory.base);
  }
  if (memory.index != ZYDIS_REGISTER_NONE) address += *whole(g, memory.index) * memory.scale;
  return Gva{address};
}

// Atomically, as the CPU does it.
template <class Word>
void store_word(std::byte* to, std::uint64_t value) {
  __atomic_store_n(reinterpret_cast<Word*>(to), static_cast<Word>(value), __ATOMIC_RELEASE);
}
template <class Word>
std::uint64_t load_word(const std::byte* from) {
  return __atomic_load_n(reinterpret_cast<const Word*>(from), __ATOMIC_ACQUIRE);
}

std::uint64_t low_bits(std::uint64_t value, unsigned bits) {
  return bits == 64 ? value : value & ((std::uint64_t{1} << bits) - 1);
}

class MoveEmulation final {
 public:
  MoveEmulation(const Decoded& decoded, Vcpu& vcpu, GuestView& view, const SlotWatchpoints& guards)
      : decoded_(decoded), vcpu_(vcpu), view_(view), guards_(guards), general_(vcpu.general()) {}

  bool run() {
    const auto mnemonic = decoded_.instruction.mnemonic;
    const bool done = mnemonic == ZYDIS_MNEMONIC_MOV ? move() : mnemonic == ZYDIS_MNEMONIC_PUSH && push();
    if (!done) return false;
    general_.rip += decoded_.instruction.length;
    general_.rflags &= ~x86::rflags::rf;
    vcpu_.set_general(general_);
    return true;
  }

 private:
  bool move() {
    const auto value = load(decoded_.operand[1]);
    return value && store(decoded_.operand[0], *value);
  }
  bool push() {
    const auto& operand = decoded_.operand[0];
    const bool whole_register = operand.type == ZYDIS_OPERAND_TYPE_REGISTER && operand.size == 64;
    const std::uint64_t* const source = whole_register ? whole(general_, operand.reg.value) : nullptr;
    if (!source || !store_memory({general_.rsp - 8}, *source, 8)) return false;
    general_.rsp -= 8;
    return true;
  }
  std::optional<std::uint64_t> load(const ZydisDecodedOperand& from) {
    if (from.type == ZYDIS_OPERAND_TYPE_IMMEDIATE) return from.imm.value.u;
    if (from.type == ZYDIS_OPERAND_TYPE_REGISTER) {
      const std::uint64_t* const source = whole(general_, from.reg.value);
      return source ? std::optional(*source) : std::nullopt;
    }
    const auto address = address_of(decoded_, from, general_);
    const auto place = address ? place_of(*address, from.size / 8, GuestView::Access::Read) : std::nullopt;
    if (!place) return std::nullopt;
    switch (from.size) {
      case 8:
        return load_word<std::uint8_t>(place->bytes);
      case 16:
        return load_word<std::uint16_t>(place->bytes);
      case 32:
        return load_word<std::uint32_t>(place->bytes);
      default:
        return load_word<std::uint64_t>(place->bytes);
    }
  }
  bool store(const ZydisDecodedOperand& to, std::uint64_t value) {
    if (to.type == ZYDIS_OPERAND_TYPE_MEMORY) {
      const auto address = address_of(decoded_, to, general_);
      return address && store_memory(*address, value, to.size / 8);
    }
    std::uint64_t* const target = whole(general_, to.reg.value);
    if (!target) return false;
    const bool rest_stays = to.size < 32;  // a 32-bit result clears the upper half
    *target = low_bits(value, to.size) | (rest_stays ? *target & ~low_bits(~std::uint64_t{0}, to.size) : 0);
    return true;
  }
  // To the stack only: KVM may have to see a store into page tables.
  bool store_memory(Gva address, std::uint64_t value, std::size_t size) {
    constexpr std::uint64_t near = 2 * page_size;
    if (address.value - (general_.rsp - sizeof value) >= near) return false;
    const auto place = place_of(address, size, GuestView::Access::Write);
    if (!place || guards_.guards(place->address)) return false;
    switch (size) {
      case 1:
        store_word<std::uint8_t>(place->bytes, value);
        break;
      case 2:
        store_word<std::uint16_t>(place->bytes, value);
        break;
      case 4:
        store_word<std::uint32_t>(place->bytes, value);
        break;
      default:
        store_word<std::uint64_t>(place->bytes, value);
    }
    return true;
  }
  std::optional<GuestView::Place> place_of(Gva address, std::size_t size, GuestView::Access access) const {
    const bool one_word = size <= sizeof(std::uint64_t) && address.value % size == 0;
    return one_word ? view_.plain(vcpu_, address, size, access) : std::nullopt;
  }

  const Decoded& decoded_;
  Vcpu& vcpu_;
  GuestView& view_;
  const SlotWatchpoints& guards_;
  GeneralRegisters general_;
};

}  // namespace

bool emulate_move(Vcpu& vcpu, GuestView& view, const SlotWatchpoints& guards) {
  if (!is_at_rest(vcpu)) return false;
  const auto decoded = decode_at(vcpu, view);
  return decoded && MoveEmulation(*decoded, vcpu, view, guards).run();
}

}  // namespace gdbvm
