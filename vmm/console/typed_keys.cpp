// A table of escape sequences.
#include "vmm/console/typed_keys.h"

#include <algorithm>
#include <string_view>

namespace gdbvm {

namespace {

constexpr char escape_key = '\x1b';
constexpr ps2::Key alt{0x38};

// What follows the Escape.
struct Sequence {
  std::string_view text;
  ps2::Key key;
};
constexpr Sequence sequences[] = {
    {"[A", {0xe048}},  {"[B", {0xe050}},  {"[C", {0xe04d}},  {"[D", {0xe04b}},  {"[H", {0xe047}},  {"[F", {0xe04f}},
    {"OA", {0xe048}},  {"OB", {0xe050}},  {"OC", {0xe04d}},  {"OD", {0xe04b}},  {"OH", {0xe047}},  {"OF", {0xe04f}},
    {"[1~", {0xe047}}, {"[2~", {0xe052}}, {"[3~", {0xe053}}, {"[4~", {0xe04f}}, {"[5~", {0xe049}}, {"[6~", {0xe051}},
    {"OP", {0x3b}},    {"OQ", {0x3c}},    {"OR", {0x3d}},    {"OS", {0x3e}},    {"[[A", {0x3b}},   {"[[B", {0x3c}},
    {"[[C", {0x3d}},   {"[[D", {0x3e}},   {"[[E", {0x3f}},   {"[15~", {0x3f}},  {"[17~", {0x40}},  {"[18~", {0x41}},
    {"[19~", {0x42}},  {"[20~", {0x43}},  {"[21~", {0x44}},  {"[23~", {0x57}},  {"[24~", {0x58}},  {"[11~", {0x3b}},
    {"[12~", {0x3c}},  {"[13~", {0x3d}},  {"[14~", {0x3e}},
};

using Events = std::vector<ps2::KeyEvent>;

void append(Events& events, const std::optional<Events>& more) {
  if (more) events.insert(events.end(), more->begin(), more->end());
}

// An Escape before a character is the Alt key, held.
void append_with_alt(Events& events, const std::optional<Events>& more) {
  if (!more) return;
  events.push_back({alt, ps2::Stroke::Press});
  append(events, more);
  events.push_back({alt, ps2::Stroke::Release});
}

}  // namespace

std::vector<ps2::KeyEvent> keys_of(std::span<const std::uint8_t> typed) {
  std::string_view rest(reinterpret_cast<const char*>(typed.data()), typed.size());
  Events events;
  while (!rest.empty()) {
    const char first = rest[0];
    rest.remove_prefix(1);
    if (first != escape_key || rest.empty()) {
      append(events, ps2::keys_typing(first));
      continue;
    }
    const auto sequence =
        std::ranges::find_if(sequences, [&](const Sequence& each) { return rest.starts_with(each.text); });
    if (sequence != std::end(sequences)) {
      events.push_back({sequence->key, ps2::Stroke::Press});
      events.push_back({sequence->key, ps2::Stroke::Release});
      rest.remove_prefix(sequence->text.size());
    } else if (rest[0] == escape_key) {
      append(events, ps2::keys_typing(escape_key));
    } else {
      append_with_alt(events, ps2::keys_typing(rest[0]));
      rest.remove_prefix(1);
    }
  }
  return events;
}

}  // namespace gdbvm
