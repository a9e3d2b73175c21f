// Monitor commands that press the keys of the guest's keyboard.
#include <fmt/format.h>

#include "vmm/devices/ps2/i8042.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail, gdbstub::Result;

namespace {

Result<> sendkey(MonitorContext& context, Arguments arguments) {
  if (arguments.size() != 1) return fail("usage: sendkey KEY[-KEY]...");
  const auto events = ps2::parse_keys(arguments[0]);
  if (!events) return fail(events.error());
  return context.debuggee.give_keyboard([&](I8042& keyboard) { keyboard.press(*events); });
}

// With \n, \t, \e and \\ for what a line cannot have, or ends it.
Result<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    constexpr std::string_view escapes = "nte\\", characters = "\n\t\x1b\\";
    const std::size_t which = ++i < text.size() ? escapes.find(text[i]) : escapes.npos;
    if (which == escapes.npos) return fail("after \\ comes n, t, e or another \\");
    plain += characters[which];
  }
  return plain;
}

// The character of UTF-8 that begins there.
std::string_view character_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return text.substr(at, end - at);
}

Result<> type(MonitorContext& context, Arguments arguments) {
  if (arguments.empty()) return fail("usage: type TEXT");
  const auto text = unescaped(as_written(arguments));
  if (!text) return std::unexpected(text.error());
  std::vector<ps2::KeyEvent> events;
  for (std::size_t i = 0; i < text->size(); ++i) {
    const auto keys = ps2::keys_typing((*text)[i]);
    if (!keys) return fail(fmt::format("no key of a US keyboard types '{}'", character_at(*text, i)));
    events.insert(events.end(), keys->begin(), keys->end());
  }
  return context.debuggee.give_keyboard([&](I8042& keyboard) { keyboard.type(events); });
}

}  // namespace

std::span<const MonitorCommand> keyboard_commands() {
  static constexpr MonitorCommand table[] = {
      {"sendkey", "KEY[-KEY]...", "press these keys together and release them: a, ret, ctrl-alt-delete", sendkey},
      {"type", "TEXT", "press the keys of a US keyboard that type it, as the guest takes them; \\n is Enter", type},
  };
  return table;
}

}  // namespace gdbvm::monitor
