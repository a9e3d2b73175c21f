// What all handlers work on: the target, its present client, and the bytes for that client.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gdbstub/packet_trace.h"
#include "gdbstub/session/client_state.h"
#include "gdbstub/session/register_layout.h"
#include "gdbstub/session/stop_reply.h"
#include "gdbstub/session/tracing.h"
#include "gdbstub/session/work.h"
#include "gdbstub/target.h"
#include "gdbstub/wire/reply.h"

namespace gdbstub {

struct Conversation {
  explicit Conversation(Target& of) : target(of) {}

  Target& target;
  ClientState client;
  // Known of the target whoever is connected.
  bool running = false;  // all-stop: it has been resumed
  std::optional<StopEvent> last_stop;
  Tracing tracing;
  std::optional<RegisterLayout> registers;  // by the description that the client has read, or may read
  // To the client.
  std::string out;
  PacketTrace trace;

  // Completes a packet.
  void send(Reply& reply);
  void send_notification(Reply& reply);
  // The reply that an error is. `shows_text`: the client takes `E.` and a sentence for an error even though it has not
  // said so.
  void write_error(Reply& reply, const Error& error, bool shows_text) const;
  // Sends O packets, before a reply that is still empty.
  void print_before(Reply& reply, std::string_view text);
  void print(std::string_view text);
  // Sends the remarks that have gathered.
  void flush_remarks(Reply& reply);
  void tell_trace(PacketDirection direction, std::string_view text) const;

  // In the order of their numbers.
  std::span<const RegisterLayout::Slot> known_registers() const {
    return client.dialect.described ? std::span(registers->slots()) : registers->classic();
  }
  // The target's description may change when a client comes or reads it.
  void renew_description();
  StopReplyContext stop_context() const { return {target, *registers, known_registers().size(), client.dialect}; }
};

// Does the first piece of the work; what is left is the client's from then on.
Handled begin(Conversation& c, std::unique_ptr<Work> work, Reply& reply);

// "OK", or the error.
Handled ok(Reply& reply);
Handled result(Reply& reply, const Result<>& done);

}  // namespace gdbstub
