#include "vmm/console/input.h"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include <asio/post.hpp>

namespace gdbvm {

void ConsoleInput::start(std::function<bool(std::span<const std::uint8_t>)> sink) {
  sink_ = std::move(sink);
  wait();
}

void ConsoleInput::connect(asio::posix::stream_descriptor host, std::function<void()> ended) {
  disconnect();
  host_ = std::move(host);
  ended_ = std::move(ended);
  wait();
}

void ConsoleInput::disconnect() {
  std::error_code ignored;
  host_.close(ignored);
  continued_.reset();
  ended_ = nullptr;
  waiting_ = false;  // the handler that is pending will see that it was aborted
}

void ConsoleInput::resume() {
  asio::post(context_, [self = shared_from_this()] {
    self->paused_ = false;
    self->wait();
  });
}

void ConsoleInput::wait() {
  if (waiting_ || paused_ || !sink_ || !host_.is_open()) return;
  waiting_ = true;
  host_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](const std::error_code& error) {
                     // Regular files and /dev/null cannot be waited for (operation_not_supported): they are always
                     // ready.
                     if (error == asio::error::operation_aborted) return;
                     self->waiting_ = false;
                     self->read();
                   });
}

void ConsoleInput::read() {
  if (in_background()) return wait_for_foreground();
  std::array<std::uint8_t, 4096> buffer;
  const ssize_t n = ::read(host_.native_handle(), buffer.data(), buffer.size());
  if (n > 0) {
    paused_ = !sink_(std::span(buffer).first(static_cast<std::size_t>(n)));
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    const auto ended = std::exchange(ended_, nullptr);
    disconnect();
    if (ended) ended();
  }
  wait();
}

bool ConsoleInput::in_background() {
  const int fd = host_.native_handle();
  const bool our_terminal = ::tcgetsid(fd) == ::getsid(0);  // a pty's master answers for its other end
  return our_terminal && ::tcgetpgrp(fd) != ::getpgrp();
}

// The shell sends SIGCONT to the job it brings to the foreground.
void ConsoleInput::wait_for_foreground() {
  waiting_ = true;
  continued_.emplace(context_, SIGCONT);
  continued_->async_wait([self = shared_from_this()](const std::error_code& error, int) {
    if (error) return;
    self->waiting_ = false;
    self->continued_.reset();
    self->wait();
  });
}

}  // namespace gdbvm
