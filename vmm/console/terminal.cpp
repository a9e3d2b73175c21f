#include "vmm/console/terminal.h"

#include <utility>

#include <fmt/format.h>

namespace gdbvm {

namespace {
constexpr std::string_view help =
    "\n"
    "Ctrl-A h    this help\n"
    "Ctrl-A x    end the guest and gdbvm\n"
    "Ctrl-A s    to the guest's screen and keyboard, and back to the serial port\n"
    "Ctrl-A c    to the monitor prompt and back (`help` there lists its commands, Ctrl-C gives one up)\n"
    "Ctrl-A Ctrl-A    a Ctrl-A for the guest\n";
constexpr std::uint8_t interrupt_character = 3;  // Ctrl-C
}  // namespace

Terminal::Terminal(Actions actions)
    : actions_(std::move(actions)),
      prompt_("(gdbvm) ", {.echo = actions_.print,
                           .done = [this](std::string_view line) { run(line); },
                           .left = [this] { switch_prompt(); }}) {}

bool Terminal::feed(std::span<const std::uint8_t> typed) {
  for (const KeyEvent& event : escapes_.feed(typed)) {
    std::visit([this](const auto& each) { take(each); }, event);
  }
  return unread_ < max_unread;
}

void Terminal::take(const key::Bytes& bytes) {
  std::span<const std::uint8_t> rest = bytes.bytes;
  while (at_prompt_ && !rest.empty()) {  // which any key may leave
    type_at_prompt(rest.front());
    rest = rest.subspan(1);
  }
  if (rest.empty()) return;
  if (on_screen_) return actions_.to_keyboard(rest);
  const bool room = actions_.to_guest(rest);
  unread_ = room ? 0 : unread_ + rest.size();
}

void Terminal::show_screen(bool shown) {
  if (on_screen_ == shown || !actions_.show_screen) return;
  on_screen_ = shown;
  actions_.show_screen(shown);
}

// All but the screen itself print on what is shown without it.
void Terminal::take(key::Command command) {
  if (command == key::Command::Screen) {
    if (at_prompt_) switch_prompt();
    return show_screen(!on_screen_);
  }
  show_screen(false);
  switch (command) {
    case key::Command::Screen:
      return;
    case key::Command::Quit:
      actions_.print("\n");
      return actions_.quit();
    case key::Command::Monitor:
      return switch_prompt();
    case key::Command::Help:
      actions_.print(help);
      if (at_prompt_ && !rest_) prompt_.show();
  }
}

void Terminal::type_at_prompt(std::uint8_t byte) {
  if (!rest_) return prompt_.feed(std::span(&byte, 1));
  if (byte != interrupt_character) {
    if (ahead_.size() < max_ahead) ahead_.push_back(byte);
    return;
  }
  actions_.print("^C\n");
  give_up();
  prompt_.show();
}

void Terminal::switch_prompt() {
  if (rest_) {
    actions_.print("\n");
    give_up();
  }
  at_prompt_ = !at_prompt_;
  actions_.print("\n");
  if (at_prompt_) prompt_.show();
}

void Terminal::run(std::string_view line) {
  if (line.find_first_not_of(' ') != line.npos) rest_ = actions_.run_command(line, actions_.print);
  if (!rest_) return prompt_.show();
  line_ = line;
  go_on();
}

void Terminal::go_on() {
  if (std::exchange(proceeding_, true)) return;
  actions_.later([this] { proceed(); });
}

void Terminal::proceed() {
  proceeding_ = false;
  if (!rest_) return;  // given up meanwhile
  if (rest_(actions_.print)) return go_on();
  rest_ = {};
  prompt_.show();
  take(key::Bytes{std::exchange(ahead_, {})});
}

void Terminal::give_up() {
  rest_ = {};
  ahead_.clear();
  actions_.print(fmt::format("interrupted: `{}` was not finished\n", line_));
}

}  // namespace gdbvm
