// The user's terminal, where it is the guest's serial port or its screen and keyboard: raw, with keys for gdbvm, and
// the shell's again meanwhile.
#pragma once

#include <unistd.h>

#include <optional>
#include <span>

#include <asio/signal_set.hpp>

#include "vmm/app/options/io.h"
#include "vmm/console/terminal.h"
#include "vmm/console/terminal_mode.h"

namespace gdbvm {

class UserTerminal final {
 public:
  // Standard input is a terminal, and its keys are the serial port's or the keyboard's. Throws SetupError where the
  // screen is asked for and there is no terminal.
  static bool is_wanted(const IoOptions& io);
  // Raw from now on. Made before there are threads, and before there is a VM: it forks. Standard input is a terminal.
  UserTerminal() : mode_(STDIN_FILENO) {}
  UserTerminal(const UserTerminal&) = delete;
  UserTerminal& operator=(const UserTerminal&) = delete;

  // Keys do something from now on, and Ctrl-Z's signal from outside gives the terminal back until SIGCONT.
  void use(asio::io_context& context, Terminal::Actions actions);
  // Keys do nothing from now on, and nothing that they began goes on.
  void disuse() { keys_.reset(); }
  // The other screen of a terminal is left if the process dies while it is in use.
  void use_other_screen(bool in_use) { mode_.use_other_screen(in_use); }
  // As Terminal::show_screen(). After use() and before disuse().
  void show_screen(bool shown) { keys_->show_screen(shown); }
  // As Terminal::feed(). After use() and before disuse().
  bool feed(std::span<const std::uint8_t> typed) { return keys_->feed(typed); }

 private:
  void watch_job_control();

  TerminalMode mode_;
  std::optional<asio::signal_set> job_control_;
  std::optional<Terminal> keys_;
};

}  // namespace gdbvm
