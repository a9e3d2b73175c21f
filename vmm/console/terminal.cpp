#include "vmm/console/terminal.h"

namespace gdbvm {

namespace {
constexpr std::string_view help =
    "\n"
    "Ctrl-A h    this help\n"
    "Ctrl-A x    end the guest and gdbvm\n"
    "Ctrl-A c    to the monitor prompt and back (`help` there lists its commands)\n"
    "Ctrl-A Ctrl-A    a Ctrl-A for the guest\n";
}

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
    prompt_.feed(rest.first(1));
    rest = rest.subspan(1);
  }
  if (rest.empty()) return;
  const bool room = actions_.to_guest(rest);
  unread_ = room ? 0 : unread_ + rest.size();
}

void Terminal::take(key::Command command) {
  switch (command) {
    case key::Command::Quit:
      actions_.print("\n");
      return actions_.quit();
    case key::Command::Monitor:
      return switch_prompt();
    case key::Command::Help:
      actions_.print(help);
      if (at_prompt_) prompt_.show();
  }
}

void Terminal::switch_prompt() {
  at_prompt_ = !at_prompt_;
  actions_.print("\n");
  if (at_prompt_) prompt_.show();
}

void Terminal::run(std::string_view line) {
  if (line.find_first_not_of(' ') != line.npos) actions_.run_command(line, actions_.print);
  prompt_.show();
}

}  // namespace gdbvm
