// A packet as clients send it: escaped, with a checksum, without run lengths.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace gdbstub::toy {

inline std::string frame(std::string_view payload) {
  std::string body;
  for (const char c : payload) {
    const bool special = c == '#' || c == '$' || c == '}';
    if (special) body += '}';
    body += special ? static_cast<char>(c ^ 0x20) : c;
  }
  std::uint8_t sum = 0;
  for (const char c : body) sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(c));
  return fmt::format("${}#{:02x}", body, sum);
}

}  // namespace gdbstub::toy
