// The command that is run beside the guest.
#include "vmm/app/child_command.h"

#include <spawn.h>
#include <sys/wait.h>
#include <csignal>
#include <system_error>

#include <fmt/format.h>

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

// posix_spawn with the signal mask and dispositions that the command expects, not those of a program with asio inside.
pid_t spawn(std::vector<std::string>& command, std::vector<std::string>& environment) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, command[0].c_str(), nullptr, &attributes, pointers(command).data(),
                                 pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  if (error) throw std::system_error(error, std::generic_category(), fmt::format("cannot run '{}'", command[0]));
  return pid;
}

}  // namespace

Companion::Companion(asio::io_context& context, std::vector<std::string> command, const std::string& remote,
                     std::function<void(int)> ended)
    : child_ended_(context, SIGCHLD), ended_(std::move(ended)) {
  for (std::string& argument : command) argument = with_remote(std::move(argument), remote);
  std::vector<std::string> environment;
  for (char** each = environ; *each; ++each) {
    if (!std::string_view(*each).starts_with("GDBVM_REMOTE=")) environment.emplace_back(*each);
  }
  environment.push_back("GDBVM_REMOTE=" + remote);
  pid_ = spawn(command, environment);
  wait_for_end();
}

Companion::~Companion() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

void Companion::wait_for_end() {
  child_ended_.async_wait([this](const asio::error_code& error, int) {
    if (error) return;
    int wait_status = 0;
    if (::waitpid(pid_, &wait_status, WNOHANG) != pid_) return wait_for_end();
    pid_ = -1;
    ended_(status_of(wait_status));
  });
}

}  // namespace gdbvm
