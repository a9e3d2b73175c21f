// DR0-3, DR6 and DR7 as pure encodings (SDM vol. 3, 17.2): which register watches what, and which of them was hit.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

namespace gdbvm::x86 {

inline constexpr unsigned debug_register_count = 4;

namespace dr6 {
inline constexpr std::uint64_t hit_mask = 0xf, access_detected = 1u << 13, single_step = 1u << 14,
                               task_switch = 1u << 15, power_on = 0xffff0ff0;
constexpr bool hit(std::uint64_t value, unsigned n) { return value >> n & 1; }
}  // namespace dr6
namespace dr7 {
// Bit 10 always reads one; LE and GE, which ask for exact data breakpoints, are recommended.
inline constexpr std::uint64_t fixed = 1u << 10, exact = 3u << 8, power_on = fixed;
}  // namespace dr7

// DR7.RWn.
enum class DebugKind : std::uint8_t { Execute = 0, Write = 1, Access = 3 };

// All that DR7 says of register `n` (0-3): Ln, Gn, RWn and LENn.
constexpr std::uint64_t dr7_mask(unsigned n) { return std::uint64_t{3} << 2 * n | std::uint64_t{0xf} << (16 + 4 * n); }

// What one register can watch: 1, 2, 4 or 8 bytes, aligned to their length; Execute always has length 1.
struct DebugWatch {
  std::uint64_t address;
  std::uint8_t length;
  DebugKind kind;
  bool operator==(const DebugWatch&) const = default;
};

constexpr bool is_encodable(const DebugWatch& watch) {
  const bool length_fits = watch.length <= 8 && std::has_single_bit(watch.length);
  if (!length_fits || watch.address % watch.length != 0) return false;
  return watch.kind != DebugKind::Execute || watch.length == 1;
}

// DR7's bits for register `n` (0-3), enabled globally.
constexpr std::uint64_t dr7_bits(unsigned n, const DebugWatch& watch) {
  constexpr std::uint64_t length_code[] = {0, 0, 1, 0, 3, 0, 0, 0, 2};
  return std::uint64_t{2} << 2 * n | std::uint64_t{static_cast<std::uint8_t>(watch.kind)} << (16 + 4 * n) |
         length_code[watch.length] << (18 + 4 * n);
}

// A range as aligned pieces, the fewest, in ascending order; a range that would wrap ends with the address space.
// nullopt: it takes more than `max_pieces`. Length 0 gives no pieces.
std::optional<std::vector<DebugWatch>> split_watch(std::uint64_t address, std::uint64_t length, DebugKind kind,
                                                   unsigned max_pieces = debug_register_count);

// A CPU's four debug registers and what each is used for.
class DebugRegisterFile final {
 public:
  // The register that watches it from now on: one that already does, or a free one. nullopt: all are taken, or the
  // watch is not encodable.
  std::optional<unsigned> acquire(const DebugWatch& watch);
  unsigned free_count() const;

  std::array<std::uint64_t, debug_register_count> addresses() const;
  // With the bits that always read one or are recommended: LE, GE, bit 10. 0 if nothing is watched.
  std::uint64_t dr7() const;

 private:
  std::array<std::optional<DebugWatch>, debug_register_count> slots_{};
};

}  // namespace gdbvm::x86
