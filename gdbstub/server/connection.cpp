#include "gdbstub/server/connection.h"

#include <algorithm>
#include <utility>

#include <asio/post.hpp>

namespace gdbstub {
namespace {

// A debugger opens with an acknowledgement, a packet or Ctrl-C. A browser that is tricked into talking to this port
// opens with a word such as POST, and everything after that may have been chosen by an attacker.
bool opens_conversation(std::uint8_t byte) { return byte == '+' || byte == '-' || byte == '$' || byte == 0x03; }

}  // namespace

void Connection::send(std::string bytes) {
  if (pending_.empty()) {
    pending_ = std::move(bytes);
  } else {
    pending_ += bytes;
  }
  step();
}

void Connection::close() {
  closed_ = true;
  channel_.close();
}

void Connection::end(End how) {
  if (closed_) return;
  const auto self = shared_from_this();  // on_end_ drops its owner's reference
  close();
  on_end_(how);
}

// Does what can be done now, and starts what can be waited for.
void Connection::step() {
  if (closed_) return;
  if (!writing_) {
    work();
    if (!pending_.empty()) start_write();
  }
  if (!writing_ && session_.is_busy()) work_later();
  if (at_end_ && !writing_ && !session_.is_busy()) return end(End::Closed);
  if (!at_end_ && !reading_ && (rest_.empty() || session_.is_busy())) start_read();
}

// Long work hears Ctrl-C, and is given up once the client sends no more: whoever closes a connection first looks the
// same as whoever closes one direction of it.
void Connection::work() {
  while (pending_.empty() && !rest_.empty() && !session_.is_busy()) pending_ = session_.receive_some(rest_);
  if (!session_.is_busy()) return;
  pending_ += session_.receive_some(rest_);
  if (at_end_) pending_ += session_.give_up();
}

void Connection::work_later() {
  if (std::exchange(working_, true)) return;
  asio::post(context_, [self = shared_from_this()] {
    self->working_ = false;
    if (self->closed_) return;
    if (!self->writing_) self->pending_ += self->session_.proceed();
    self->step();
  });
}

// Packets that wait for the end of long work stay at the front. The client's end is heard after them, unless they fill
// the buffer.
void Connection::start_read() {
  const auto kept = std::ranges::copy(rest_, input_.begin()).out;
  rest_ = Bytes(input_.begin(), kept);
  if (kept == input_.end()) return;
  reading_ = true;
  const auto room = asio::buffer(&*kept, static_cast<std::size_t>(input_.end() - kept));
  channel_.read_some(
      room, [self = shared_from_this()](asio::error_code error, std::size_t count) { self->take_read(error, count); });
}

void Connection::take_read(asio::error_code error, std::size_t count) {
  reading_ = false;
  rest_ = Bytes(rest_.data(), rest_.size() + count);  // some of it may have been given to the session meanwhile
  if (error) at_end_ = true;
  if (count > 0 && !std::exchange(has_spoken_, true) && !opens_conversation(input_[0])) return end(End::Stranger);
  step();
}

void Connection::start_write() {
  writing_ = true;
  current_.swap(pending_);
  pending_.clear();
  channel_.write_all(asio::buffer(current_), [self = shared_from_this()](asio::error_code error, std::size_t) {
    self->writing_ = false;
    if (error) return self->end(End::Closed);
    self->step();
  });
}

}  // namespace gdbstub
