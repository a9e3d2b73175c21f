// ! QStartNoAckMode qSupported qSymbol vMustReplyEmpty, and packets that are not understood.
#include "gdbstub/session/features.h"
#include "gdbstub/session/handlers.h"

namespace gdbstub {

Handled handle(Conversation&, const command::Unsupported&, Reply&) { return Answer::Reply; }

Handled handle(Conversation&, const command::Malformed&, Reply&) {
  return std::unexpected(Error{"the packet cannot be understood", 0x16});  // EINVAL
}

Handled handle(Conversation& c, const command::ExtendedMode&, Reply& reply) {
  c.client.extended = true;
  return ok(reply);
}

// Its own reply is the last packet that the client acknowledges.
Handled handle(Conversation& c, const command::StartNoAckMode&, Reply& reply) {
  c.client.acks.on = false;
  return ok(reply);
}

Handled handle(Conversation& c, const command::Supported& command, Reply& reply) {
  learn_features(c.client.dialect, command.features);
  reply.text(supported_features(c.target, c.client.dialect));
  return Answer::Reply;
}

Handled handle(Conversation&, const command::MustReplyEmpty&, Reply&) { return Answer::Reply; }

// The client offers symbols; none are wanted.
Handled handle(Conversation&, const command::Symbol&, Reply& reply) { return ok(reply); }

}  // namespace gdbstub
