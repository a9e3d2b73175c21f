// gdb looks for a return address at the stack pointer, a few pushes above it, and above the saved frame pointer.
#include "vmm/debug/target/misread_return.h"

#include <array>
#include <cstring>

#include <fmt/format.h>

namespace gdbvm {

namespace {

constexpr std::size_t searched = 64;  // bytes above the stack pointer

bool is_16_bit(x86::CpuMode mode) {
  return mode == x86::CpuMode::Real || mode == x86::CpuMode::Virtual8086 || mode == x86::CpuMode::Protected16;
}

// Whether the four bytes are there, at any even distance.
bool holds(const GuestView& view, Vcpu& vcpu, std::uint64_t from, std::size_t size, std::uint32_t value) {
  std::array<std::uint8_t, searched> bytes{};
  const auto read = view.read(vcpu, {from}, std::span(bytes).first(size));
  for (std::size_t at = 0; read && at + sizeof value <= *read; at += 2) {
    if (std::memcmp(&bytes[at], &value, sizeof value) == 0) return true;
  }
  return false;
}

}  // namespace

std::string describe_misread_return(const GuestView& view, Vcpu& vcpu, Gva address) {
  const x86::SystemRegisters& system = vcpu.system();
  const auto& general = vcpu.general();
  if (!is_16_bit(x86::mode_of(system, general.rflags)) || address.value >> 32) return {};
  const auto offset = static_cast<std::uint16_t>(address.value);
  if (address.value == system.cs.base + offset) return {};  // as a near return would have it
  const auto value = static_cast<std::uint32_t>(address.value);
  const std::uint64_t saved_frame = x86::linear_stack(system, general.rbp);
  if (!holds(view, vcpu, x86::linear_stack(system, general.rsp), searched, value) &&
      !holds(view, vcpu, saved_frame + 4, sizeof value, value)) {
    return {};
  }
  return fmt::format(
      "no CPU comes to {}: gdb has read 32 bits of the stack as a return address, and this is 16-bit code; interrupt "
      "the "
      "guest, and `source real_mode.py` (docs/real_mode.md) to teach gdb its frames, or use `stepi` and `tbreak "
      "*ADDRESS`",
      address);
}

}  // namespace gdbvm
