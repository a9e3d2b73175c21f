#include "vmm/app/user_terminal.h"

#include <csignal>

#include "vmm/app/guest_screen.h"
#include "vmm/host/setup_error.h"

namespace gdbvm {

bool UserTerminal::is_wanted(const IoOptions& io) {
  const auto* stdio = std::get_if<serial_endpoint::Stdio>(&io.serial);
  const bool is_terminal = ::isatty(STDIN_FILENO);
  if (io.display == Display::Terminal && !(is_terminal && GuestScreen::possible())) {
    throw SetupError("--display terminal needs a terminal as standard input and output");
  }
  return is_terminal && (io.display == Display::Terminal || (stdio && stdio->input));
}

void UserTerminal::use(asio::io_context& context, Terminal::Actions actions) {
  keys_.emplace(std::move(actions));
  job_control_.emplace(context, SIGTSTP, SIGCONT);
  watch_job_control();
}

// The shell that gets the terminal meanwhile is to find it as it was.
void UserTerminal::watch_job_control() {
  job_control_->async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGTSTP) {
      mode_.leave();
      ::raise(SIGSTOP);
    }
    mode_.enter();
    watch_job_control();
  });
}

}  // namespace gdbvm
