#include "gdbstub/session/session.h"

#include <utility>

#include "gdbstub/packets/parser.h"
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/lifecycle.h"
#include "gdbstub/session/stops.h"
#include "gdbstub/session/trace_probes.h"
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
    if (is_busy()) hear_interrupt(input);
    while (!is_busy() && conversation_.out.size() < packet_size) {
      const auto event = decoder_.next(input);
      if (!event) break;
      std::visit([&](const auto& each) { take(each); }, *event);
    }
    return take_output();
  }
  bool is_busy() const { return conversation_.client.work != nullptr; }
  std::string proceed() {
    if (!is_busy()) return {};
    Reply reply(conversation_.out);
    finish(reply, begin(conversation_, std::move(conversation_.client.work), reply));
    return take_output();
  }
  std::string give_up() {
    if (is_busy()) fail_work("given up because the client does not wait for it");
    return take_output();
  }
  bool has_client() const { return conversation_.client.tenure != ClientState::Tenure::None; }
  std::string handle_event(TargetEvent event) {
    if (auto* stop = std::get_if<StopEvent>(&event)) {
      on_stop(conversation_, std::move(*stop));
    } else if (const auto* output = std::get_if<ConsoleOutput>(&event)) {
      on_console(conversation_, *output);
    } else {
      static_cast<void>(renew_probes(conversation_));
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
    shows_error_text_ = shows_error_text(command);
    Reply reply(conversation_.out);
    Handled handled = Answer::Reply;  // the empty one: not supported
    if (needs(conversation_.target)) {
      handled = std::visit([&](const auto& each) { return handle(conversation_, each, reply); }, command);
    }
    finish(reply, handled);
  }
  void finish(Reply& reply, const Handled& handled) {
    if (!handled) {
      reply.clear();
      conversation_.write_error(reply, handled.error(), shows_error_text_);
    } else if (*handled != Answer::Reply) {
      return reply.drop();
    }
    conversation_.send(reply);
  }
  void answer_error(const Error& error) {
    Reply reply(conversation_.out);
    conversation_.write_error(reply, error, true);
    conversation_.send(reply);
  }

  void fail_work(std::string why) {
    const auto work = std::move(conversation_.client.work);
    Reply reply(conversation_.out);
    finish(reply, work->give_up(conversation_, reply, {std::move(why), 1}));
  }
  // The decoder stands between two packets while there is work.
  void hear_interrupt(Bytes& input) {
    constexpr std::uint8_t interrupt_byte = 0x03;
    while (is_busy() && !input.empty() && (input.front() == interrupt_byte || input.front() == '+')) {
      const std::uint8_t byte = input.front();
      input = input.subspan(1);
      if (byte != interrupt_byte) continue;
      heard("[interrupt]");
      fail_work("interrupted");
    }
  }

  Conversation conversation_;
  Decoder decoder_;
  bool shows_error_text_ = true;  // of the packet being answered
};

Session::Session(Target& target) : implementation_(std::make_unique<Implementation>(target)) {}
Session::~Session() = default;

std::string Session::receive(Bytes input) {
  std::string out = receive_some(input);
  while (is_busy() || !input.empty()) out += is_busy() ? proceed() : receive_some(input);
  return out;
}

std::string Session::receive_some(Bytes& input) { return implementation_->receive_some(input); }
bool Session::is_busy() const { return implementation_->is_busy(); }
std::string Session::proceed() { return implementation_->proceed(); }
std::string Session::give_up() { return implementation_->give_up(); }
bool Session::has_client() const { return implementation_->has_client(); }
std::string Session::handle_event(TargetEvent event) { return implementation_->handle_event(std::move(event)); }
void Session::disconnected() { implementation_->disconnected(); }
void Session::set_trace(PacketTrace trace) { implementation_->set_trace(std::move(trace)); }

}  // namespace gdbstub
