// A client's byte stream coupled to the session, with at most one read and one write under way.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include <asio/io_context.hpp>

#include "gdbstub/server/channel.h"
#include "gdbstub/session/session.h"

namespace gdbstub {

// Each reply is one write. What comes in while one is being written waits, so a client that does not read its replies
// holds up itself only, and memory stays bounded. Work that takes long is done between other handlers of the context.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Stranger: what came first is not the remote protocol, such as a web browser's request. Nothing of it has reached
  // the session.
  enum class End { Closed, Stranger };

  Connection(asio::io_context& context, Channel channel, Session& session, std::function<void(End)> on_end)
      : context_(context), channel_(std::move(channel)), session_(session), on_end_(std::move(on_end)) {}

  void start() { step(); }
  void send(std::string bytes);
  // Bytes that wait for the end of the write under way.
  std::size_t backlog() const { return pending_.size(); }
  Channel& channel() { return channel_; }
  // Ends it without calling on_end.
  void close();

 private:
  void step();
  void work();
  void work_later();
  void start_read();
  void take_read(asio::error_code error, std::size_t count);
  void start_write();
  void end(End how);

  asio::io_context& context_;
  Channel channel_;
  Session& session_;
  std::function<void(End)> on_end_;
  std::array<std::uint8_t, 64 * 1024> input_;
  Bytes rest_;           // of input_, not yet given to the session
  std::string pending_;  // to be written next
  std::string current_;  // being written
  bool reading_ = false;
  bool writing_ = false;
  bool working_ = false;     // work_later() is under way
  bool has_spoken_ = false;  // the client's first byte has come
  bool at_end_ = false;      // the client sends no more
  bool closed_ = false;
};

}  // namespace gdbstub
