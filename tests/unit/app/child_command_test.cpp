// The command that runs beside the guest: what it is passed, how it ends, and that it ends.
#include "vmm/app/child_command.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <system_error>

#include <asio/io_context.hpp>

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

// What a command writes to standard output arrives here.
class Pipe final {
 public:
  Pipe() {
    EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0);
    saved_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    ::dup2(ends_[1], STDOUT_FILENO);
    ::close(ends_[1]);
  }
  ~Pipe() {
    give_back();
    ::close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void give_back() {
    if (saved_ < 0) return;
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
    saved_ = -1;
  }
  std::string read_line() const {
    std::string line;
    for (char c = 0; ::read(ends_[0], &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

 private:
  int ends_[2];
  int saved_ = -1;
};

class ChildCommandTest : public testing::Test {
 protected:
  void start(std::vector<std::string> command) {
    command_.emplace(context_, std::move(command), "host:1", [this](int status) { status_ = status; });
    out_.give_back();
  }
  void start_shell(const std::string& script) { start({"sh", "-c", script}); }
  int status() {
    context_.run();
    return status_.value_or(-1);
  }

  Pipe out_;
  asio::io_context context_;
  std::optional<ChildCommand> command_;
  std::optional<int> status_;
};

TEST_F(ChildCommandTest, IsToldTheDebuggersAddress) {
  start({"sh", "-c", "echo \"$GDBVM_REMOTE $0 $1\"", "{remote}", "<{remote}|{remote}>"});
  EXPECT_EQ(out_.read_line(), "host:1 host:1 <host:1|host:1>");
  EXPECT_EQ(status(), 0);
}

TEST_F(ChildCommandTest, AnAddressFromOutsideIsReplaced) {
  ::setenv("GDBVM_REMOTE", "stale", 1);
  start({"grep", "-cz", "^GDBVM_REMOTE=", "/proc/self/environ"});
  EXPECT_EQ(out_.read_line(), "1");
}

TEST_F(ChildCommandTest, ItsStatusIsAShells) {
  start_shell("exit 7");
  EXPECT_EQ(status(), 7);
}

TEST_F(ChildCommandTest, SoIsItsDeathByASignal) {
  start_shell("kill -KILL $$");
  EXPECT_EQ(status(), 128 + SIGKILL);
}

TEST_F(ChildCommandTest, ThatCannotBeRun) {
  EXPECT_THROW(start({"/nonexistent/command"}), std::system_error);
  EXPECT_THROW(start({"/"}), std::system_error);
}

TEST_F(ChildCommandTest, FindsSignalsAsAShellWouldLeaveThem) {
  const auto pipe = std::signal(SIGPIPE, SIG_IGN), size = std::signal(SIGXFSZ, SIG_IGN);
  start({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"});
  std::signal(SIGPIPE, pipe);
  std::signal(SIGXFSZ, size);
  EXPECT_EQ(out_.read_line(), "SigBlk:\t0000000000000000");
  EXPECT_EQ(std::stoull(out_.read_line().substr(8), nullptr, 16) & (1ull << (SIGPIPE - 1) | 1ull << (SIGXFSZ - 1)), 0u);
}

TEST_F(ChildCommandTest, EndsWithItsOwner) {
  start_shell("echo $$; exec sleep 1000");
  const pid_t pid = std::stoi(out_.read_line());
  command_.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(ChildCommandTest, IsKilledWhereItIgnoresBeingAsked) {
  start_shell("trap '' TERM; echo $$; while :; do read line; done </dev/zero");
  const pid_t pid = std::stoi(out_.read_line());
  command_->end(10ms);
  EXPECT_EQ(::kill(pid, 0), -1);
}

// The process that owns it is killed: a child of the test, since no process reports its own death.
TEST_F(ChildCommandTest, EndsWithItsOwnersDeath) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // this process adopts the orphan
  const pid_t owner = ::fork();
  if (owner == 0) {
    start_shell("echo $$; exec sleep 1000");
    ::pause();
  }
  out_.give_back();
  const pid_t pid = std::stoi(out_.read_line());
  ::kill(owner, SIGKILL);
  EXPECT_EQ(::waitpid(owner, nullptr, 0), owner);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

}  // namespace
}  // namespace gdbvm
