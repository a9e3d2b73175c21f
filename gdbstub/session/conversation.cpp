#include "gdbstub/session/conversation.h"

#include <algorithm>
#include <utility>

#include "gdbstub/wire/framing.h"

namespace gdbstub {

void Conversation::tell_trace(PacketDirection direction, std::string_view text) const {
  if (trace) trace(direction, text);
}

void Conversation::send(Reply& reply) {
  tell_trace(PacketDirection::ToClient, reply.payload());
  const std::string_view packet = reply.finish();
  if (client.acks.resends) client.acks.last_packet = packet;
}

// Notifications are neither acknowledged nor resent.
void Conversation::send_notification(Reply& reply) {
  tell_trace(PacketDirection::ToClient, reply.payload());
  reply.finish();
}

void Conversation::write_error(Reply& reply, const Error& error, bool shows_text) const {
  const Dialect& dialect = client.dialect;
  const unsigned code = error.code;
  if (dialect.lldb) {
    reply.format("E{:02x}", code);
    if (!dialect.error_strings) return;
    reply.text(";");
    reply.hex(error.text);
  } else if (dialect.error_message || shows_text) {
    reply.text("E.");
    reply.sentence(error.text);
  } else {
    reply.format("E{:02x}", code);
  }
}

void Conversation::print(std::string_view text) {
  // Hex doubles the text; a packet stays within what the client can take.
  constexpr std::size_t max_piece = packet_size / 2 - 1;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), max_piece))) {
    Reply reply(out);
    reply.text("O");
    reply.hex(text.substr(0, max_piece));
    send(reply);
  }
}

void Conversation::print_before(Reply& reply, std::string_view text) {
  reply.drop();
  print(text);
  reply.restart();
}

void Conversation::flush_remarks(Reply& reply) {
  if (const std::string text = client.remarks.take(); !text.empty()) print_before(reply, text);
}

void Conversation::renew_description() {
  target.refresh_description();
  registers.emplace(target.description());
}

Handled begin(Conversation& c, std::unique_ptr<Work> work, Reply& reply) {
  const Handled handled = work->proceed(c, reply);
  if (handled == Answer::Unfinished) c.client.work = std::move(work);
  return handled;
}

Handled ok(Reply& reply) {
  reply.text("OK");
  return Answer::Reply;
}

Handled result(Reply& reply, const Result<>& done) {
  if (!done) return std::unexpected(done.error());
  return ok(reply);
}

}  // namespace gdbstub
