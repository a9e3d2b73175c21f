#include "vmm/history/keyframe.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "vmm/memory/fnv1a.h"

namespace gdbvm::history {

static_assert(PlainState<x86::GeneralRegisters> && PlainState<x86::SystemRegisters>, "equal values are equal bytes");

namespace {

// A component of the XSAVE area (SDM vol. 1, 13.4) that XSTATE_BV has or, in its initial state, has not.
struct Component {
  unsigned bit;
  std::size_t offset, size;
};
constexpr std::array components{Component{0, 32, 128}, Component{1, 160, 256}, Component{2, 576, 256}};
// Of x87: control, status and tag words, and where the last instruction was.
constexpr std::size_t control_size = 24;
using Control = std::array<std::uint8_t, control_size>;
constexpr Control initial_control{0x7f, 0x03};

constexpr std::uint64_t debuggers_flags = x86::rflags::tf | x86::rflags::rf;

bool has_initial_state(std::span<const std::uint8_t> part) {
  return std::ranges::all_of(part, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

bool same_registers(const x86::GeneralRegisters& one, const x86::GeneralRegisters& other) {
  x86::GeneralRegisters copy = one;
  copy.rflags = (one.rflags & ~debuggers_flags) | (other.rflags & debuggers_flags);
  return copy == other;
}

bool same_registers(x86::SystemRegisters one, x86::SystemRegisters other) {
  one.interrupt_bitmap = other.interrupt_bitmap = {};
  return one == other;
}

std::uint64_t hash_of(x86::GeneralRegisters registers) {
  registers.rflags &= ~debuggers_flags;
  return fnv1a(fnv1a_start, std::as_bytes(std::span(&registers, 1)));
}

std::uint64_t hash_of(x86::SystemRegisters registers) {
  registers.interrupt_bitmap = {};
  return fnv1a(fnv1a_start, std::as_bytes(std::span(&registers, 1)));
}

std::uint64_t hash_of(const x86::ExtendedState& state) {
  constexpr std::size_t xstate_bv = 512;
  std::uint64_t present = 0;
  std::memcpy(&present, &state.bytes[xstate_bv], sizeof present);
  const std::span<const std::uint8_t> bytes(state.bytes);
  Control control = initial_control;
  if (present & 1) std::ranges::copy(bytes.first(control_size), control.begin());
  std::uint64_t hash = fnv1a(fnv1a_start, std::as_bytes(std::span(control)));
  for (const Component& component : components) {
    const auto part = bytes.subspan(component.offset, component.size);
    if (present >> component.bit & 1 && !has_initial_state(part)) hash = fnv1a(hash, std::as_bytes(part));
    hash = fnv1a(hash, std::array{static_cast<std::byte>(component.bit)});
  }
  return hash;
}

}  // namespace gdbvm::history
