// What is typed on the terminal.
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

Terminal::Terminal(Uses uses)
    : uses_(std::move(uses)),
      prompt_("(gdbvm) ", {.echo = uses_.print,
                           .done = [this](std::string_view line) { run(line); },
                           .left = [this] { switch_prompt(); }}) {}

bool Terminal::feed(std::span<const std::uint8_t> typed) {
  for (const KeyEvent& event : escapes_.feed(typed)) {
    std::visit([this](const auto& each) { take(each); }, event);
  }
  return unread_ < most_unread;
}

void Terminal::take(const key::Bytes& bytes) {
  std::span<const std::uint8_t> rest = bytes.bytes;
  while (at_prompt_ && !rest.empty()) {  // which any key may leave
    prompt_.feed(rest.first(1));
    rest = rest.subspan(1);
  }
  if (rest.empty()) return;
  const bool room = uses_.to_guest(rest);
  unread_ = room ? 0 : unread_ + rest.size();
}

void Terminal::take(key::Command command) {
  switch (command) {
    case key::Command::Quit:
      uses_.print("\n");
      return uses_.quit();
    case key::Command::Monitor:
      return switch_prompt();
    case key::Command::Help:
      uses_.print(help);
      if (at_prompt_) prompt_.show();
  }
}

void Terminal::switch_prompt() {
  at_prompt_ = !at_prompt_;
  uses_.print("\n");
  if (at_prompt_) prompt_.show();
}

void Terminal::run(std::string_view line) {
  if (line.find_first_not_of(' ') != line.npos) uses_.run_command(line, uses_.print);
  prompt_.show();
}

}  // namespace gdbvm
