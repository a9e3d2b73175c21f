// The pump between a client and the session.
#include "gdbstub/server/connection.h"

namespace gdbstub {

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

void Connection::end() {
  if (closed_) return;
  const auto self = shared_from_this();  // on_closed_ drops its owner's reference
  close();
  on_closed_();
}

// Does what can be done now, and starts what can be waited for.
void Connection::step() {
  if (closed_) return;
  if (!writing_) {
    while (pending_.empty() && !rest_.empty()) pending_ = session_.receive_some(rest_);
    if (!pending_.empty()) start_write();
  }
  if (at_end_ && !writing_) return end();
  if (!at_end_ && !reading_ && rest_.empty()) start_read();
}

void Connection::start_read() {
  reading_ = true;
  channel_.read_some(asio::buffer(input_), [self = shared_from_this()](asio::error_code error, std::size_t count) {
    self->reading_ = false;
    self->rest_ = Bytes(self->input_).first(count);
    if (error) self->at_end_ = true;
    self->step();
  });
}

void Connection::start_write() {
  writing_ = true;
  current_.swap(pending_);
  pending_.clear();
  channel_.write_all(asio::buffer(current_), [self = shared_from_this()](asio::error_code error, std::size_t) {
    self->writing_ = false;
    if (error) return self->end();
    self->step();
  });
}

}  // namespace gdbstub
