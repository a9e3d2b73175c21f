// Serves a Session to one debugger at a time over TCP, a Unix socket or a pair of descriptors.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gdbstub/server/endpoint.h"
#include "gdbstub/session/session.h"

namespace asio {
class io_context;
}

namespace gdbstub {

// Runs on the io_context's one thread, which is the target's. A client that is gone makes room for the next one, any
// number of times; one that comes while another is there is told so and closed.
// A StdioEndpoint has one client only: when that is gone, nobody can come any more. An embedder ignores SIGPIPE, which
// writing to a closed pipe raises (sockets do not).
class Server {
 public:
  // Listens from now on; throws std::system_error naming what failed. All three outlive the server.
  Server(asio::io_context& context, Session& session, const Endpoint& endpoint);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it listens, in the spelling of parse_endpoint(), with the real port.
  const std::string& address() const;
  // Called when nobody can come any more; the server keeps the io_context busy no longer.
  void set_when_deserted(std::function<void()> deserted);
  // From any thread. Text for the console is dropped when the client is far behind in reading.
  void post(TargetEvent event);

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace gdbstub
