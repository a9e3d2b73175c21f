// The value types that every layer of the stub shares: addresses, thread ids, signals, errors.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

#include <fmt/format.h>

namespace gdbstub {

// A virtual address as the debugger means it: translated by the target for the selected thread.
struct Address {
  std::uint64_t value{};
  friend constexpr auto operator<=>(Address, Address) = default;
  friend constexpr Address operator+(Address a, std::uint64_t n) { return {a.value + n}; }
};

// A thread of the target, at least 1 (0 and -1 mean "any" and "all" on the wire and never reach a target).
struct ThreadId {
  std::uint32_t value{};
  friend constexpr auto operator<=>(ThreadId, ThreadId) = default;
};

// A register's place in the target description, counted from 0 in the order of transmission.
struct RegisterNumber {
  std::uint32_t value{};
  friend constexpr auto operator<=>(RegisterNumber, RegisterNumber) = default;
};

// GDB's own signal numbers (include/gdb/signals.def), not the host's.
enum class Signal : std::uint8_t {
  None = 0,
  Int = 2,
  Ill = 4,
  Trap = 5,
  Abort = 6,
  Fpe = 8,
  Kill = 9,
  Bus = 10,
  Segv = 11
};

// A failure the debugger shows to its user: `text` is one sentence that says why, without a full stop.
// `code` is the number of the Exx reply for clients that cannot show text (QEnableErrorStrings, error-message).
struct Error {
  std::string text;
  std::uint8_t code = 1;
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string text) { return std::unexpected(Error{std::move(text)}); }

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

}  // namespace gdbstub

template <>
struct fmt::formatter<gdbstub::Address> : fmt::formatter<std::string_view> {
  auto format(gdbstub::Address a, format_context& ctx) const { return fmt::format_to(ctx.out(), "{:#x}", a.value); }
};
template <>
struct fmt::formatter<gdbstub::ThreadId> : fmt::formatter<std::string_view> {
  auto format(gdbstub::ThreadId t, format_context& ctx) const { return fmt::format_to(ctx.out(), "{:x}", t.value); }
};
