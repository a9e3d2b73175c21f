// The serial port on a pseudo-terminal. The master tells who is there by POLLHUP; inotify tells when to look again.
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "vmm/console/host.h"
#include "vmm/host/fd.h"

namespace gdbvm {

namespace {

// Raw, so that bytes pass as they are and nothing that the guest sends is echoed back to it. The setting outlasts the
// descriptor it is made through as long as the master lives.
void make_raw(const std::string& slave_path) {
  const int slave = ::open(slave_path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) throw_errno("cannot open the pseudo-terminal");
  termios settings{};
  const bool done = ::tcgetattr(slave, &settings) == 0 && (::cfmakeraw(&settings), true) &&
                    ::tcsetattr(slave, TCSANOW, &settings) == 0;
  const int error = errno;
  ::close(slave);
  errno = error;
  if (!done) throw_errno("cannot configure the pseudo-terminal");
}

class PtyHost final : public ConsoleHost, public std::enable_shared_from_this<PtyHost> {
 public:
  PtyHost(asio::io_context& context, std::shared_ptr<ConsoleInput> input, std::shared_ptr<ConsoleOutput> output)
      : context_(context), master_(context), events_(context), input_(std::move(input)), output_(std::move(output)) {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) throw_errno("cannot make a pseudo-terminal");
    master_.assign(master);
    std::array<char, 128> name{};
    if (::grantpt(master) < 0 || ::unlockpt(master) < 0 || ::ptsname_r(master, name.data(), name.size()) != 0) {
      throw_errno("cannot unlock the pseudo-terminal");
    }
    path_ = name.data();
    make_raw(path_);
    const int events = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (events < 0) throw_errno("inotify_init1");
    events_.assign(events);
    if (::inotify_add_watch(events, path_.c_str(), IN_OPEN | IN_CLOSE) < 0) throw_errno("inotify_add_watch");
  }

  std::string address() const override { return path_; }

  void watch() {
    events_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](const std::error_code& error) {
                         if (error) return;
                         std::array<char, 4096> ignored;
                         while (::read(self->events_.native_handle(), ignored.data(), ignored.size()) > 0) continue;
                         self->look();
                         self->watch();
                       });
  }

  void stop() override {
    std::error_code ignored;
    events_.close(ignored);
    master_.close(ignored);
  }

 private:
  void look() {
    pollfd master{.fd = master_.native_handle(), .events = 0, .revents = 0};
    const bool present = ::poll(&master, 1, 0) >= 0 && !(master.revents & POLLHUP);
    if (present == present_) return;
    if (present) {
      connect();
    } else {
      disconnect();
    }
  }

  void connect() {
    present_ = true;
    const int reader = ::fcntl(master_.native_handle(), F_DUPFD_CLOEXEC, 0);
    const int writer = ::fcntl(master_.native_handle(), F_DUPFD_CLOEXEC, 0);
    if (writer >= 0) output_->connect({context_, writer});
    if (reader < 0) return;
    // The master reads EIO once a client is gone. The next one may have come meanwhile.
    input_->connect({context_, reader}, [self = shared_from_this()] {
      self->disconnect();
      self->look();
    });
  }

  void disconnect() {
    present_ = false;
    output_->disconnect();
    input_->disconnect();
  }

  asio::io_context& context_;
  asio::posix::stream_descriptor master_;
  asio::posix::stream_descriptor events_;
  std::string path_;
  const std::shared_ptr<ConsoleInput> input_;
  const std::shared_ptr<ConsoleOutput> output_;
  bool present_ = false;  // a client has the other end open
};

}  // namespace

std::shared_ptr<ConsoleHost> open_pty(asio::io_context& context, std::shared_ptr<ConsoleInput> input,
                                      std::shared_ptr<ConsoleOutput> output) {
  auto host = std::make_shared<PtyHost>(context, std::move(input), std::move(output));
  host->watch();
  return host;
}

}  // namespace gdbvm
