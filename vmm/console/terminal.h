// What is typed on the terminal: for the guest, for the monitor prompt, or for gdbvm itself.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "vmm/console/escape.h"
#include "vmm/console/line_editor.h"

namespace gdbvm {

// On the debugger's thread. Ctrl-A c goes to the prompt and back, and so does Ctrl-D there.
class Terminal final {
 public:
  using Print = std::function<void(std::string_view)>;
  struct Actions {
    // Bytes for the guest, all of which are taken; false: it has not read the earlier ones yet.
    std::function<bool(std::span<const std::uint8_t>)> to_guest;
    std::function<void(std::string_view line, const Print& print)> run_command;
    std::function<void()> quit;
    Print print;  // on the terminal, after the guest's output
  };
  explicit Terminal(Actions actions);

  // false: a megabyte is waiting for the guest, and reading should pause until it has caught up. Until then Ctrl-A
  // works even if the guest reads nothing.
  bool feed(std::span<const std::uint8_t> typed);

 private:
  static constexpr std::size_t max_unread = std::size_t{1} << 20;

  void take(const key::Bytes& bytes);
  void take(key::Command command);
  void switch_prompt();
  void run(std::string_view line);

  const Actions actions_;
  EscapeParser escapes_;
  LineEditor prompt_;
  bool at_prompt_ = false;
  std::size_t unread_ = 0;  // bytes given to a guest that did not read
};

}  // namespace gdbvm
