#include "vmm/console/escape.h"

#include <optional>

namespace gdbvm {

namespace {

std::optional<key::Command> command_of(std::uint8_t byte) {
  switch (byte) {
    case 'x':
      return key::Command::Quit;
    case 'c':
      return key::Command::Monitor;
    case 's':
      return key::Command::Screen;
    case 'h':
    case '?':
      return key::Command::Help;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<KeyEvent> EscapeParser::feed(std::span<const std::uint8_t> typed) {
  std::vector<KeyEvent> events;
  std::vector<std::uint8_t> plain;
  const auto flush = [&] {
    if (!plain.empty()) events.emplace_back(key::Bytes{std::move(plain)});
    plain.clear();
  };
  for (const std::uint8_t byte : typed) {
    if (!escaped_ && byte == prefix) {
      escaped_ = true;
      continue;
    }
    const auto command = escaped_ ? command_of(byte) : std::nullopt;
    if (command) {
      flush();
      events.emplace_back(*command);
    } else {
      if (escaped_ && byte != prefix) plain.push_back(prefix);
      plain.push_back(byte);
    }
    escaped_ = false;
  }
  flush();
  return events;
}

}  // namespace gdbvm
