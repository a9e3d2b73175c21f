// Serves a Session to one debugger at a time over TCP, a Unix socket or a pair of descriptors.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gdbstub/server/endpoint.h"
#include "gdbstub/server/patience.h"
#include "gdbstub/session/session.h"

namespace asio {
class io_context;
}

namespace gdbstub {

// Runs on the io_context's one thread, which is the target's. A client that has gone makes room for the next one, any
// number of times; one that comes while another is there is told so and closed. A connection that has not sent a packet
// within seconds, or whose peer does not answer probes any more, makes room too. A connection that opens with anything
// but the remote protocol, such as a web browser's request, is closed, and nothing of what it sends is executed.
// A StdioEndpoint has one client only: when that has gone, no other can come. An embedder ignores SIGPIPE, which
// writing to a closed pipe raises (writing to a socket does not).
class Server {
 public:
  // Listens from now on; throws std::system_error naming what failed. All three outlive the server.
  Server(asio::io_context& context, Session& session, const Endpoint& endpoint, const Patience& patience = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it listens, in the spelling of parse_endpoint(), with the real port.
  const std::string& address() const;
  // Called when no client can come any more; from then on the server does not keep the io_context busy.
  void set_when_finished(std::function<void()> finished);
  // Called with one line for each connection that the server itself closes, saying why.
  void set_log(std::function<void(std::string_view)> log);
  // From any thread. Text for the console is dropped when the client is far behind in reading.
  void post(TargetEvent event);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace gdbstub
