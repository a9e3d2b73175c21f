// The arguments of a packet, read from left to right.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gdbstub/packets/command.h"
#include "gdbstub/types.h"

namespace gdbstub {

// Each take_ function advances only when it succeeds.
class PacketArguments {
 public:
  explicit PacketArguments(std::span<char> text) : rest_(text) {}

  bool empty() const { return rest_.empty(); }
  std::string_view text() const { return {rest_.data(), rest_.size()}; }
  std::span<char> rest() const { return rest_; }
  Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(rest_.data()), rest_.size()}; }

  bool take(std::string_view literal);
  // As many hex digits as there are.
  std::string_view take_digits();
  // A hex number of 64 bits at most.
  std::optional<std::uint64_t> take_hex();
  std::optional<Address> take_address();
  // Up to nine decimal digits.
  std::optional<std::uint64_t> take_decimal();
  // `address,length`; the usual arguments of memory and breakpoint packets.
  struct Range {
    Address address;
    std::uint64_t length;
  };
  std::optional<Range> take_range();
  // `LENGTH,BYTES`, as the agent's expressions are sent. Decoded inside the packet.
  std::optional<Bytes> take_counted_bytes();
  std::optional<ThreadSelector> take_thread();
  // Two hex digits.
  std::optional<Signal> take_signal();
  // Everything up to `delimiter` (which is consumed too) or the end.
  std::span<char> take_until(char delimiter);
  // The next `count` characters.
  std::optional<std::span<char>> take_count(std::uint64_t count);
  // Cuts LLDB's `;thread:ID;` off the end.
  std::optional<ThreadSelector> cut_thread_suffix();

 private:
  std::span<char> rest_;
};

}  // namespace gdbstub
