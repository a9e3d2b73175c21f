#include "vmm/app/end_signals.h"

#include <csignal>

namespace gdbvm {

EndSignals::EndSignals(asio::io_context& context, std::function<void(int)> arrived)
    : signals_(context), arrived_(std::move(arrived)) {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU}) {
    struct sigaction found{};
    const bool ignored = ::sigaction(signal, nullptr, &found) == 0 && found.sa_handler == SIG_IGN;
    if (!ignored || signal == SIGINT || signal == SIGTERM) signals_.add(signal);
  }
  wait();
}

void EndSignals::wait() {
  signals_.async_wait([this](const asio::error_code& error, int signal) {
    if (error) return;
    wait();
    arrived_(signal);
  });
}

}  // namespace gdbvm
