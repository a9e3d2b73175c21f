// One table of names, and one of what a US keyboard's keys type.
#include "vmm/devices/ps2/key_names.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace gdbvm::ps2 {

namespace {

struct Name {
  std::string_view name;
  Key key;
};

// QEMU's, of which each key that is a character has one in `typed` too.
constexpr Name names[] = {{"shift", {0x2a}},
                          {"shift_r", {0x36}},
                          {"alt", {0x38}},
                          {"alt_r", {0xe038}},
                          {"ctrl", {0x1d}},
                          {"ctrl_r", {0xe01d}},
                          {"menu", {0xe05d}},
                          {"compose", {0xe05d}},
                          {"meta_l", {0xe05b}},
                          {"meta_r", {0xe05c}},
                          {"esc", {0x01}},
                          {"minus", {0x0c}},
                          {"equal", {0x0d}},
                          {"backspace", {0x0e}},
                          {"tab", {0x0f}},
                          {"bracket_left", {0x1a}},
                          {"bracket_right", {0x1b}},
                          {"ret", {0x1c}},
                          {"semicolon", {0x27}},
                          {"apostrophe", {0x28}},
                          {"grave_accent", {0x29}},
                          {"backslash", {0x2b}},
                          {"comma", {0x33}},
                          {"dot", {0x34}},
                          {"slash", {0x35}},
                          {"asterisk", {0x37}},
                          {"spc", {0x39}},
                          {"caps_lock", {0x3a}},
                          {"f1", {0x3b}},
                          {"f2", {0x3c}},
                          {"f3", {0x3d}},
                          {"f4", {0x3e}},
                          {"f5", {0x3f}},
                          {"f6", {0x40}},
                          {"f7", {0x41}},
                          {"f8", {0x42}},
                          {"f9", {0x43}},
                          {"f10", {0x44}},
                          {"f11", {0x57}},
                          {"f12", {0x58}},
                          {"num_lock", {0x45}},
                          {"scroll_lock", {0x46}},
                          {"kp_divide", {0xe035}},
                          {"kp_multiply", {0x37}},
                          {"kp_subtract", {0x4a}},
                          {"kp_add", {0x4e}},
                          {"kp_enter", {0xe01c}},
                          {"kp_decimal", {0x53}},
                          {"sysrq", {0x54}},
                          {"kp_0", {0x52}},
                          {"kp_1", {0x4f}},
                          {"kp_2", {0x50}},
                          {"kp_3", {0x51}},
                          {"kp_4", {0x4b}},
                          {"kp_5", {0x4c}},
                          {"kp_6", {0x4d}},
                          {"kp_7", {0x47}},
                          {"kp_8", {0x48}},
                          {"kp_9", {0x49}},
                          {"less", {0x56}},
                          {"print", print_screen},
                          {"pause", pause},
                          {"home", {0xe047}},
                          {"pgup", {0xe049}},
                          {"pgdn", {0xe051}},
                          {"end", {0xe04f}},
                          {"left", {0xe04b}},
                          {"up", {0xe048}},
                          {"down", {0xe050}},
                          {"right", {0xe04d}},
                          {"insert", {0xe052}},
                          {"delete", {0xe053}}};

// Code by code from `first` on: what the keys type by themselves, and with shift.
struct Row {
  std::uint16_t first;
  std::string_view plain, shifted;
};
constexpr Row rows[] = {{0x02, "1234567890-=", "!@#$%^&*()_+"},
                        {0x10, "qwertyuiop[]", "QWERTYUIOP{}"},
                        {0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
                        {0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
                        {0x39, " ", " "},
                        {0x0e, "\b\t", "\b\t"},
                        {0x1c, "\n", "\n"},
                        {0x1c, "\r", "\r"},
                        {0x01, "\x1b", "\x1b"},
                        {0x0e, "\x7f", "\x7f"}};
constexpr Key shift{0x2a}, control{0x1d};

struct Typed {
  Key key;
  bool shifted;
};
std::optional<Typed> typed(char character) {
  for (const Row& row : rows) {
    for (const auto& [characters, shifted] : {std::pair{row.plain, false}, std::pair{row.shifted, true}}) {
      const std::size_t at = characters.find(character);
      if (at != characters.npos) return Typed{{static_cast<std::uint16_t>(row.first + at)}, shifted};
    }
  }
  return std::nullopt;
}

std::optional<Key> key_of_code(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  unsigned code = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), code, 16);
  if (error != std::errc() || end != text.data() + text.size() || code == 0 || code > 0xff) return std::nullopt;
  return Key{static_cast<std::uint16_t>(code & 0x80 ? 0xe000 | (code & 0x7f) : code)};
}

std::optional<Key> key_named(std::string_view name) {
  const auto found = std::ranges::find(names, name, &Name::name);
  if (found != std::end(names)) return found->key;
  const bool is_character =
      name.size() == 1 && ((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= '0' && name[0] <= '9'));
  return is_character ? std::optional(typed(name[0])->key) : key_of_code(name);
}

std::vector<KeyEvent> chord(const std::vector<Key>& keys) {
  std::vector<KeyEvent> events;
  for (const Key key : keys) events.push_back({key, Stroke::Press});
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) events.push_back({*key, Stroke::Release});
  return events;
}

}  // namespace

std::expected<std::vector<KeyEvent>, std::string> parse_keys(std::string_view text) {
  std::vector<Key> keys;
  for (std::size_t start = 0;;) {
    const std::size_t end = std::min(text.find('-', start), text.size());
    const std::string_view name = text.substr(start, end - start);
    const auto key = key_named(name);
    if (!key) {
      return std::unexpected(
          fmt::format("'{}' is not a key: names are QEMU's, such as a, ret, f1 or ctrl-alt-delete", name));
    }
    keys.push_back(*key);
    if (end == text.size()) return chord(keys);
    start = end + 1;
  }
}

std::optional<std::vector<KeyEvent>> keys_typing(char character) {
  if (const auto key = typed(character))
    return chord(key->shifted ? std::vector{shift, key->key} : std::vector{key->key});
  constexpr char last_control = 0x1d, to_lower_case = 0x60;
  if (character < 1 || character > last_control) return std::nullopt;
  return chord({control, typed(static_cast<char>(character | to_lower_case))->key});
}

}  // namespace gdbvm::ps2
