// A client's byte stream coupled to the session, with at most one read and one write under way.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "gdbstub/server/channel.h"
#include "gdbstub/session/session.h"

namespace gdbstub {

// Each reply is one write. What comes in while one is being written waits, so a client that does not read its replies
// holds up itself only, and memory stays bounded.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Channel channel, Session& session, std::function<void()> on_closed)
      : channel_(std::move(channel)), session_(session), on_closed_(std::move(on_closed)) {}

  void start() { step(); }
  void send(std::string bytes);
  // Bytes that wait behind the write under way.
  std::size_t backlog() const { return pending_.size(); }
  // Ends it without calling on_closed.
  void close();

 private:
  void step();
  void start_read();
  void start_write();
  void end();

  Channel channel_;
  Session& session_;
  std::function<void()> on_closed_;
  std::array<std::uint8_t, 64 * 1024> input_;
  Bytes rest_;           // of input_, not yet given to the session
  std::string pending_;  // to be written next
  std::string current_;  // being written
  bool reading_ = false;
  bool writing_ = false;
  bool at_end_ = false;  // the client sends no more
  bool closed_ = false;
};

}  // namespace gdbstub
