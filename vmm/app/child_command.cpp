#include "vmm/app/child_command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "vmm/host/fd.h"

extern char** environ;

namespace gdbvm {

namespace {

std::string with_remote(std::string argument, const std::string& remote) {
  constexpr std::string_view placeholder = "{remote}";
  for (std::size_t at = 0; (at = argument.find(placeholder, at)) != std::string::npos; at += remote.size()) {
    argument.replace(at, placeholder.size(), remote);
  }
  return argument;
}

std::vector<std::string> environment_with(const std::string& remote) {
  std::vector<std::string> environment;
  for (char** each = environ; *each; ++each) {
    if (!std::string_view(*each).starts_with("GDBVM_REMOTE=")) environment.emplace_back(*each);
  }
  environment.push_back("GDBVM_REMOTE=" + remote);
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& each : strings) result.push_back(each.data());
  result.push_back(nullptr);
  return result;
}

int status_of(int wait_status) {
  constexpr int killed_by_signal = 128;
  return WIFSIGNALED(wait_status) ? killed_by_signal + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// In the child, which shares the parent's memory until it has become the command: system calls only. Returns errno.
// Signals are blocked, and are let in once none has a handler any more, which would run in the parent's memory.
int become(char* const* command, char* const* environment, pid_t parent) {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action{};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_DFL) continue;
    const bool ours = action.sa_handler != SIG_IGN || signal == SIGPIPE || signal == SIGXFSZ;
    action.sa_handler = SIG_DFL;
    action.sa_flags = 0;
    if (ours) ::sigaction(signal, &action, nullptr);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(EXIT_FAILURE);  // killed before that was in force
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvpe(command[0], command, environment);
  return errno;
}

[[noreturn]] void fail(int error, const std::string& name) {
  throw std::system_error(error, std::generic_category(), fmt::format("cannot run '{}'", name));
}

// vfork, as posix_spawn does it: a fork would copy the page tables of the guest's memory. What posix_spawn cannot do is
// to let the command end with its parent. A pipe that ends when the command begins brings the reason why it does not.
pid_t spawn(std::vector<std::string>& command, std::vector<std::string>& environment) {
  const std::vector<char*> arguments = pointers(command), variables = pointers(environment);
  const pid_t parent = ::getpid();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) fail(errno, command[0]);
  const Fd from_child(ends[0]);
  Fd to_parent(ends[1]);
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::vfork();  // NOLINT(bugprone-unsafe-functions)
  if (pid == 0) {
    const int error = become(arguments.data(), variables.data(), parent);
    (void)!::write(ends[1], &error, sizeof error);
    ::_exit(EXIT_FAILURE);
  }
  const int vfork_error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) fail(vfork_error, command[0]);
  to_parent = {};
  int error = 0;
  if (::read(ends[0], &error, sizeof error) <= 0) return pid;
  ::waitpid(pid, nullptr, 0);
  fail(error, command[0]);
}

// Does the process end within that time?
bool ends_within(pid_t pid, std::chrono::milliseconds time) {
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd end{.fd = process.get(), .events = POLLIN, .revents = 0};
  const auto deadline = std::chrono::steady_clock::now() + time;
  int ready = -1;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    ready = ::poll(&end, 1, std::max(0, static_cast<int>(left.count())));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

std::string remote_of(const std::string& address) {
  constexpr std::string_view prefix = "unix:";
  return address.starts_with(prefix) ? address.substr(prefix.size()) : address;
}

ChildCommand::ChildCommand(asio::io_context& context, std::vector<std::string> command, const std::string& remote,
                           std::function<void(int)> ended)
    : child_ended_(context, SIGCHLD), ended_(std::move(ended)) {
  for (std::string& argument : command) argument = with_remote(std::move(argument), remote);
  std::vector<std::string> environment = environment_with(remote);
  pid_ = spawn(command, environment);
  wait_for_end();
}

void ChildCommand::end(std::chrono::milliseconds wait) {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  if (!ends_within(pid_, wait)) ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void ChildCommand::wait_for_end() {
  child_ended_.async_wait([this](const asio::error_code& error, int) {
    if (error || pid_ < 0) return;
    int wait_status = 0;
    if (::waitpid(pid_, &wait_status, WNOHANG) != pid_) return wait_for_end();
    pid_ = -1;
    const auto ended = std::move(ended_);  // it may destroy this object
    ended(status_of(wait_status));
  });
}

}  // namespace gdbvm
