// One debugger's conversation with one target, without any I/O: bytes and events in, bytes out.
#pragma once

#include <memory>
#include <string>

#include "gdbstub/packet_trace.h"
#include "gdbstub/target.h"

namespace gdbstub {

// Lives as long as its target; clients come and go. All functions are called on the target's thread. What the target
// posts is handed to handle_event() whether or not a client is there, so that the next one learns of it.
class Session {
 public:
  explicit Session(Target& target);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Bytes from the client, in pieces of any size; returns the bytes for it.
  std::string receive(Bytes input);
  // The same for clients that are not to be trusted with memory or time: consumes `input` from its front, and stops
  // early once there is about a packet's worth of output to be sent, or when is_busy().
  std::string receive_some(Bytes& input);
  // A packet asks for more than one piece of work. Until it is answered, receive_some() takes nothing but Ctrl-C, which
  // gives the work up.
  bool is_busy() const;
  // Does another piece of it, for at most 100 ms.
  std::string proceed();
  // The client does not wait for the answer any more: it becomes an error.
  std::string give_up();
  // Whether there is a client: a connection that has sent a packet.
  bool has_client() const;
  // An event of the target; returns the bytes for the client (none if there is none).
  std::string handle_event(TargetEvent event);
  // The connection is gone. Lifts all breakpoints and watchpoints of the client and tells Lifecycle::detached(), unless
  // it had detached or killed the target itself or never sent a packet. The next byte received is a new client's.
  void disconnected();
  // Told of every packet from now on, in the order of the conversation; empty for nobody.
  void set_trace(PacketTrace trace);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gdbstub
