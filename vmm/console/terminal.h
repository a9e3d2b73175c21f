// What is typed on the terminal: for the guest, for the monitor prompt, or for gdbvm itself.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vmm/console/escape.h"
#include "vmm/console/line_editor.h"

namespace gdbvm {

// On the debugger's thread. Ctrl-A s goes to the guest's screen and back: what is typed there are keys of its keyboard,
// and elsewhere bytes for the serial port. Ctrl-A c goes to the prompt and back, and so does Ctrl-D there. A command
// that takes long is done in pieces, and other keys wait for its end: Ctrl-C there gives it up, and so does Ctrl-A c.
class Terminal final {
 public:
  using Print = std::function<void(std::string_view)>;
  // What is left of a command: each call does a piece of it, for at most 100 ms. false: that was the last one. Given
  // up, it is destroyed.
  using Rest = std::function<bool(const Print& print)>;
  struct Actions {
    // Bytes for the guest, all of which are taken; false: it has not read the earlier ones yet.
    std::function<bool(std::span<const std::uint8_t>)> to_guest;
    // Shows the guest's screen in place of what the serial port and the prompt print, or no longer; empty: it cannot be
    // shown here.
    std::function<void(bool shown)> show_screen = {};
    std::function<void(std::span<const std::uint8_t>)> to_keyboard = {};  // what is typed while the screen is shown
    std::function<Rest(std::string_view line, const Print& print)> run_command;  // empty: it is done
    // Calls it once, after whatever else there is to do, when the terminal has room for more text.
    std::function<void(std::function<void()>)> later;
    std::function<void()> quit;
    Print print;  // on the terminal, after the guest's output
  };
  explicit Terminal(Actions actions);

  // false: a megabyte is waiting for the guest, and reading should pause until it has caught up. Until then Ctrl-A
  // works even if the guest reads nothing.
  bool feed(std::span<const std::uint8_t> typed);
  // As Ctrl-A s does, if that is not what is shown already.
  void show_screen(bool shown);

 private:
  static constexpr std::size_t max_unread = std::size_t{1} << 20, max_ahead = 4096;

  void take(const key::Bytes& bytes);
  void take(key::Command command);
  void switch_prompt();
  void type_at_prompt(std::uint8_t byte);
  void run(std::string_view line);
  void go_on();
  void proceed();
  void give_up();

  const Actions actions_;
  EscapeParser escapes_;
  LineEditor prompt_;
  bool at_prompt_ = false;
  bool on_screen_ = false;
  Rest rest_;                          // of the command that runs; empty: there is none
  std::string line_;                   // that command
  bool proceeding_ = false;            // proceed() is due
  std::vector<std::uint8_t> ahead_{};  // typed for the prompt meanwhile
  std::size_t unread_ = 0;             // bytes given to a guest that did not read
};

}  // namespace gdbvm
