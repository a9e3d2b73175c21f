// Addresses and ids as types: a guest-physical address is not a guest-virtual one, and neither is a number.
#pragma once

#include <compare>
#include <cstdint>

#include <fmt/format.h>

namespace gdbvm {

inline constexpr std::uint64_t page_size = 4096;

template <class Tag>
struct GuestAddress {
  std::uint64_t value{};
  friend constexpr auto operator<=>(GuestAddress, GuestAddress) = default;
  friend constexpr GuestAddress operator+(GuestAddress a, std::uint64_t n) { return {a.value + n}; }
  friend constexpr std::uint64_t operator-(GuestAddress a, GuestAddress b) { return a.value - b.value; }
  constexpr GuestAddress page() const { return {value & ~(page_size - 1)}; }
  constexpr std::uint64_t page_offset() const { return value & (page_size - 1); }
};
using Gpa = GuestAddress<struct PhysicalTag>;  // guest-physical
using Gva = GuestAddress<struct VirtualTag>;   // guest-linear: after segmentation, before paging

struct VcpuIndex {
  std::uint32_t value{};
  friend constexpr auto operator<=>(VcpuIndex, VcpuIndex) = default;
};
struct SlotId {
  std::uint32_t value{};
  friend constexpr auto operator<=>(SlotId, SlotId) = default;
};

}  // namespace gdbvm

// All take a width and an alignment, as text does.
template <class Tag>
struct fmt::formatter<gdbvm::GuestAddress<Tag>> : fmt::formatter<std::string> {
  auto format(gdbvm::GuestAddress<Tag> a, format_context& ctx) const {
    return fmt::formatter<std::string>::format(fmt::format("{:#x}", a.value), ctx);
  }
};
template <>
struct fmt::formatter<gdbvm::VcpuIndex> : fmt::formatter<std::uint32_t> {
  auto format(gdbvm::VcpuIndex i, format_context& ctx) const {
    return fmt::formatter<std::uint32_t>::format(i.value, ctx);
  }
};
template <>
struct fmt::formatter<gdbvm::SlotId> : fmt::formatter<std::uint32_t> {
  auto format(gdbvm::SlotId i, format_context& ctx) const {
    return fmt::formatter<std::uint32_t>::format(i.value, ctx);
  }
};
