#include "gdbstub/session/session.h"

#include <utility>

#include "gdbstub/packets/parser.h"
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/lifecycle.h"
#include "gdbstub/session/stops.h"
#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

// Clients that do not say error-message+ take `E.` as an error everywhere except where they look for hex or text.
bool shows_error_text(const Command& command) {
  return !std::holds_alternative<command::ReadMemory>(command) &&
         !std::holds_alternative<command::ReadMemoryBinary>(command) &&
         !std::holds_alternative<command::ReadRegisters>(command) &&
         !std::holds_alternative<command::Transfer>(command) && !std::holds_alternative<command::Monitor>(command);
}

}  // namespace

// From bytes to packets to handlers, and replies back.
class Session::Implementation {
 public:
  explicit Implementation(Target& target) : conversation_(target) {}

  std::string receive_some(Bytes& input) {
    while (conversation_.out.size() < packet_size) {
      const auto event = decoder_.next(input);
      if (!event) break;
      std::visit([&](const auto& each) { take(each); }, *event);
    }
    return take_output();
  }
  std::string handle_event(TargetEvent event) {
    if (auto* stop = std::get_if<StopEvent>(&event)) {
      on_stop(conversation_, std::move(*stop));
    } else {
      on_console(conversation_, std::get<ConsoleOutput>(event));
    }
    return take_output();
  }
  void disconnected() {
    depart(conversation_);
    decoder_.reset();
  }
  void set_trace(PacketTrace trace) { conversation_.trace = std::move(trace); }

 private:
  std::string take_output() { return std::exchange(conversation_.out, {}); }

  void take(const wire::Packet& packet) {
    AckMode& acks = conversation_.client.acks;
    acks.resends = acks.on;
    if (acks.on) conversation_.out += '+';
    heard({packet.payload.data(), packet.payload.size()});
    if (conversation_.client.tenure == ClientState::Tenure::None) arrive(conversation_);
    answer(parse(packet.payload));
  }
  void take(const wire::Ack&) {}
  void take(const wire::Nack&) {
    heard("[resend]");
    conversation_.out += conversation_.client.acks.last_packet;
  }
  void take(const wire::Interrupt&) {
    heard("[interrupt]");
    interrupt(conversation_);
  }
  void take(const wire::BadChecksum&) {
    heard("[corrupt]");
    if (conversation_.client.acks.on) {
      conversation_.out += '-';
    } else {
      answer_error({"the packet's checksum is wrong", 1});
    }
  }
  void take(const wire::Oversize&) {
    heard("[too long]");
    if (conversation_.client.acks.on) conversation_.out += '+';
    answer_error({fmt::format("the packet is longer than {:#x} bytes", packet_size), 1});
  }
  void heard(std::string_view text) const { conversation_.tell_trace(PacketDirection::FromClient, text); }

  void answer(const Request& request) {
    const auto& [command, needs] = request;
    Reply reply(conversation_.out);
    Handled handled = Answer::Reply;  // the empty one: not supported
    if (needs(conversation_.target)) {
      handled = std::visit([&](const auto& each) { return handle(conversation_, each, reply); }, command);
    }
    if (!handled) {
      reply.clear();
      conversation_.write_error(reply, handled.error(), shows_error_text(command));
    } else if (*handled == Answer::Nothing) {
      return reply.drop();
    }
    conversation_.send(reply);
  }
  void answer_error(const Error& error) {
    Reply reply(conversation_.out);
    conversation_.write_error(reply, error, true);
    conversation_.send(reply);
  }

  Conversation conversation_;
  Decoder decoder_;
};

Session::Session(Target& target) : implementation_(std::make_unique<Implementation>(target)) {}
Session::~Session() = default;

std::string Session::receive(Bytes input) {
  std::string out = receive_some(input);
  while (!input.empty()) out += receive_some(input);
  return out;
}

std::string Session::receive_some(Bytes& input) { return implementation_->receive_some(input); }
std::string Session::handle_event(TargetEvent event) { return implementation_->handle_event(std::move(event)); }
void Session::disconnected() { implementation_->disconnected(); }
void Session::set_trace(PacketTrace trace) { implementation_->set_trace(std::move(trace)); }

}  // namespace gdbstub
