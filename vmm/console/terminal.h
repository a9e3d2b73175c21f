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
  struct Uses {
    // Bytes for the guest, all of which are taken; false: it has not read what it got before.
    std::function<bool(std::span<const std::uint8_t>)> to_guest;
    std::function<void(std::string_view line, const Print& print)> run_command;
    std::function<void()> quit;
    Print print;  // on the terminal, behind the guest's output
  };
  explicit Terminal(Uses uses);

  // false: the guest is far behind, and reading should wait until it has read on. Until then, which is a megabyte
  // away, Ctrl-A works also when the guest reads nothing.
  bool feed(std::span<const std::uint8_t> typed);

 private:
  static constexpr std::size_t most_unread = std::size_t{1} << 20;

  void take(const key::Bytes& bytes);
  void take(key::Command command);
  void switch_prompt();
  void run(std::string_view line);

  const Uses uses_;
  EscapeParser escapes_;
  LineEditor prompt_;
  bool at_prompt_ = false;
  std::size_t unread_ = 0;  // bytes given to a guest that did not read
};

}  // namespace gdbvm
