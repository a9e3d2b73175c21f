#include "vmm/app/user_terminal.h"

#include <csignal>

namespace gdbvm {

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
