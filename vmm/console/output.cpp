#include "vmm/console/output.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <asio/post.hpp>

#include "vmm/host/fd.h"
#include "vmm/host/standard_streams.h"

namespace gdbvm {

namespace {

int make_eventfd() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) throw_errno("eventfd");
  return fd;
}

}  // namespace

ConsoleOutput::ConsoleOutput(asio::io_context& context, std::function<bool()> interrupted)
    : context_(context), interrupted_(std::move(interrupted)), host_(context), room_(context, make_eventfd()) {
  update_room();
}

// How many bytes the host took now: none if it would block or is broken.
std::size_t ConsoleOutput::write_some(std::span<const std::uint8_t> bytes) {
  std::size_t written = 0;
  while (connected() && written < bytes.size()) {
    const ssize_t n = ::write(host_.native_handle(), bytes.data() + written, bytes.size() - written);
    if (n >= 0) {
      written += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      broken_ = true;
      // A reader that leaves needs no message; a full disk does.
      const bool left = errno == EPIPE || errno == ECONNRESET || errno == EIO;
      if (!left) tell_user("serial output ends here: {}", std::strerror(errno));
    }
  }
  return written;
}

void ConsoleOutput::append(std::span<const std::uint8_t> bytes) {
  if (queue_start_ > queue_limit) {  // what lies before has been written: move the rest down now and then
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(queue_start_));
    queue_start_ = 0;
  }
  queue_.insert(queue_.end(), bytes.begin(), bytes.end());
}

void ConsoleOutput::drop_oldest() {
  if (queued() > queue_limit) queue_start_ = queue_.size() - queue_limit;
}

void ConsoleOutput::drain() {
  queue_start_ += write_some(std::span(queue_).subspan(queue_start_));
  if (queued() == 0) {
    queue_.clear();
    queue_start_ = 0;
  }
  if (!connected()) drop_oldest();
  update_room();
}

void ConsoleOutput::update_room() {
  const bool room = closed_ || !connected() || queued() <= queue_limit;
  if (std::exchange(room_shown_, room) == room) return;
  std::uint64_t count = 1;
  const ssize_t done =
      room ? ::write(room_.native_handle(), &count, sizeof count) : ::read(room_.native_handle(), &count, sizeof count);
  (void)done;  // neither can fail: the counter is 0 or 1 and ours alone
}

void ConsoleOutput::write(std::span<const std::uint8_t> bytes) {
  {
    const std::lock_guard lock(mutex_);
    put(bytes);
    if (room_shown_) return;
  }
  wait_for_room();
}

void ConsoleOutput::write_at_once(std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  put(bytes);
}

void ConsoleOutput::when_room(std::function<void()> then) {
  room_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this(), then = std::move(then)](const std::error_code& error) {
                     if (!error) then();
                   });
}

void ConsoleOutput::put(std::span<const std::uint8_t> bytes) {
  if (closed_) return;
  if (queued() == 0) bytes = bytes.subspan(write_some(bytes));
  if (bytes.empty()) return;
  append(bytes);
  if (!connected()) drop_oldest();
  flush_later();
  update_room();
}

void ConsoleOutput::wait_for_room() {
  constexpr int look_again_ms = 5;  // whether the thread is wanted: nothing wakes it
  pollfd room{.fd = room_.native_handle(), .events = POLLIN, .revents = 0};
  while (!interrupted_ || !interrupted_()) {
    if (::poll(&room, 1, look_again_ms) != 0) return;
  }
}

void ConsoleOutput::flush_later() {
  if (!connected() || std::exchange(flushing_, true)) return;
  asio::post(context_, [self = shared_from_this()] { self->flush(); });
}

// Waits for the host, drains, and again until all is out. The waiting ends early when the host is disconnected.
void ConsoleOutput::flush() {
  const std::lock_guard lock(mutex_);
  flushing_ = false;
  drain();
  if (closed_ || !connected() || queued() == 0) return;
  flushing_ = true;
  host_.async_wait(asio::posix::stream_descriptor::wait_write,
                   [self = shared_from_this()](const std::error_code& error) {
                     if (error != asio::error::operation_aborted) self->flush();
                   });
}

void ConsoleOutput::connect(asio::posix::stream_descriptor host) {
  const std::lock_guard lock(mutex_);
  std::error_code ignored;  // what cannot be non-blocking does not block for long: regular files
  host.native_non_blocking(true, ignored);
  host_ = std::move(host);
  broken_ = false;
  flushing_ = false;
  update_room();
  flush_later();
}

void ConsoleOutput::disconnect() {
  const std::lock_guard lock(mutex_);
  std::error_code ignored;
  host_.close(ignored);
  flushing_ = false;
  drop_oldest();
  update_room();
}

void ConsoleOutput::close() {
  constexpr int patience_ms = 1000;
  const std::lock_guard lock(mutex_);
  for (drain(); connected() && queued() > 0; drain()) {
    pollfd host{.fd = host_.native_handle(), .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&host, 1, patience_ms);
    if (ready == 0 || (ready < 0 && errno != EINTR)) break;
  }
  closed_ = true;
  update_room();
  std::error_code ignored;
  host_.close(ignored);
}

}  // namespace gdbvm
