// The guest's interrupt descriptor table and the frames its entries push.
#include "vmm/debug/guest/idt.h"

#include <array>

#include "vmm/memory/little_endian.h"
#include "vmm/x86/exceptions.h"
#include "vmm/x86/segments.h"

namespace gdbvm {

namespace {

std::optional<std::uint64_t> load(const GuestView& view, Vcpu& vcpu, Gva address, unsigned size) {
  std::array<std::uint8_t, 8> bytes{};
  const auto count = view.read(vcpu, address, {bytes.data(), size});
  if (!count || *count != size) return std::nullopt;
  return little_endian({bytes.data(), size});
}

std::optional<Gva> real_mode_handler(const GuestView& view, Vcpu& vcpu, std::uint8_t vector) {
  const auto entry = load(view, vcpu, {vcpu.system().idt.base + vector * 4u}, 4);
  if (!entry) return std::nullopt;
  return Gva{(*entry >> 16) * 16 + (*entry & 0xffff)};
}

// The width of what an exception pushes: decided by the gate, which follows the mode in all but odd kernels.
unsigned slot_size(const x86::SystemRegisters& s) {
  if (!(s.cr0 & x86::cr0::pe)) return 2;
  return s.efer & x86::efer::lma ? 8 : 4;
}

}  // namespace

std::optional<Gate> idt_gate(const GuestView& view, Vcpu& vcpu, std::uint8_t vector) {
  const auto& s = vcpu.system();
  const bool wide = s.efer & x86::efer::lma;
  const unsigned size = wide ? 16 : 8;
  if (s.idt.limit < (vector + 1u) * size - 1) return std::nullopt;
  const Gva at{s.idt.base + vector * size};
  const auto low = load(view, vcpu, at, 8);
  const auto high = wide ? load(view, vcpu, at + 8, 4) : std::optional<std::uint64_t>(0);
  if (!low || !high) return std::nullopt;
  return Gate{{(*low & 0xffff) | (*low >> 32 & 0xffff0000) | *high << 32},
              static_cast<unsigned>(*low >> 45 & 3),
              (*low >> 47 & 1) != 0};
}

std::optional<Gva> idt_handler(const GuestView& view, Vcpu& vcpu, std::uint8_t vector) {
  if (!(vcpu.system().cr0 & x86::cr0::pe)) return real_mode_handler(view, vcpu, vector);
  const auto gate = idt_gate(view, vcpu, vector);
  return gate && gate->present ? std::optional(gate->handler) : std::nullopt;
}

namespace {

std::optional<x86::Segment> segment_for(const GuestView& view, Vcpu& vcpu, std::uint16_t selector) {
  const auto& gdt = vcpu.system().gdt;
  const unsigned offset = selector & ~7u;
  constexpr unsigned in_ldt = 4;
  if ((selector & in_ldt) || offset == 0 || offset + 7 > gdt.limit) return std::nullopt;
  const auto descriptor = load(view, vcpu, {gdt.base + offset}, 8);
  if (!descriptor) return std::nullopt;
  return x86::decode_descriptor(*descriptor, selector);
}

}  // namespace

bool return_from(const InterruptFrame& frame, const GuestView& view, Vcpu& vcpu) {
  const auto flags = load(view, vcpu, frame.flags_at, 8);
  const auto rsp = load(view, vcpu, frame.flags_at + 8, 8);
  const auto ss = load(view, vcpu, frame.flags_at + 16, 2);
  if (!flags || !rsp || !ss) return false;
  const auto code = segment_for(view, vcpu, frame.cs);
  const auto stack = segment_for(view, vcpu, static_cast<std::uint16_t>(*ss));
  if (!code || !stack) return false;
  auto system = vcpu.system();
  system.cs = *code;
  system.ss = *stack;
  // A CPU in long mode takes its privilege from SS (SDM vol. 3, 5.5).
  system.ss.dpl = code->dpl;
  if (!vcpu.set_system(system)) return false;
  auto general = vcpu.general();
  general.rip = frame.rip;
  general.rsp = *rsp;
  general.rflags = *flags;
  vcpu.set_general(general);
  return true;
}

std::optional<InterruptFrame> frame_of(const GuestView& view, Vcpu& vcpu, std::uint8_t vector) {
  const auto& s = vcpu.system();
  const unsigned size = slot_size(s);
  Gva at{s.ss.base + vcpu.general().rsp};
  if (s.efer & x86::efer::lma) at = {vcpu.general().rsp};
  std::optional<std::uint64_t> error_code;
  if (size > 2 && x86::pushes_error_code(vector)) {
    error_code = load(view, vcpu, at, size);
    at = at + size;
  }
  const auto rip = load(view, vcpu, at, size);
  const auto cs = load(view, vcpu, at + size, 2);
  const auto flags = load(view, vcpu, at + 2 * size, size);
  if (!rip || !cs || !flags) return std::nullopt;
  return InterruptFrame{vector, *rip, static_cast<std::uint16_t>(*cs), at + 2 * size, error_code, *flags};
}

std::optional<Gva> interrupted_code(const GuestView& view, Vcpu& vcpu) {
  constexpr std::uint8_t without_error_code = x86::exception::divide_error;
  const auto frame = frame_of(view, vcpu, without_error_code);
  if (!frame) return std::nullopt;
  const bool real = !(vcpu.system().cr0 & x86::cr0::pe);
  return Gva{frame->rip + (real ? std::uint64_t{frame->cs} * 16 : 0)};
}

std::optional<InterruptFrame> interrupt_frame(const GuestView& view, Vcpu& vcpu) {
  const Gva pc = pc_of(vcpu);
  for (std::uint8_t vector = 0; vector < x86::exception_count; ++vector) {
    if (idt_handler(view, vcpu, vector) == pc) return frame_of(view, vcpu, vector);
  }
  return std::nullopt;
}

}  // namespace gdbvm
