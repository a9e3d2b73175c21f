// The session's frame: bytes to packets to handlers, replies and errors back, clients coming and going.
#include "gdbstub/session/session.h"

#include <algorithm>

#include "gdbstub/packets/parser.h"
#include "gdbstub/session/features.h"

namespace gdbstub {
namespace {

constexpr std::size_t most_remarks = 64 * 1024;

// Clients that do not say error-message+ take `E.` as an error everywhere except where they look for hex or text.
bool shows_error_text(const Command& command) {
  return !std::holds_alternative<command::ReadMemory>(command) &&
         !std::holds_alternative<command::ReadMemoryBinary>(command) &&
         !std::holds_alternative<command::ReadRegisters>(command) &&
         !std::holds_alternative<command::Transfer>(command) && !std::holds_alternative<command::Monitor>(command);
}

// Points `slot` at the buffer of the present call for as long as that lasts.
class Collecting {
 public:
  Collecting(std::string*& slot, std::string& out) : slot_(slot) { slot_ = &out; }
  ~Collecting() { slot_ = nullptr; }
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;

 private:
  std::string*& slot_;
};

}  // namespace

Session::Session(Target& target) : target_(target) {}

std::string Session::receive(Bytes input) {
  std::string out = receive_some(input);
  while (!input.empty()) out += receive_some(input);
  return out;
}

std::string Session::receive_some(Bytes& input) {
  std::string out;
  const Collecting collecting(out_, out);
  while (out.size() < packet_size) {
    const auto event = decoder_.next(input);
    if (!event) break;
    std::visit([&](const auto& each) { take(each); }, *event);
  }
  return out;
}

std::string Session::handle_event(TargetEvent event) {
  std::string out;
  const Collecting collecting(out_, out);
  if (auto* stop = std::get_if<StopEvent>(&event)) {
    on_stop(std::move(*stop));
  } else {
    on_console(std::get<ConsoleOutput>(event));
  }
  return out;
}

void Session::disconnected() {
  lift_everything();
  if (tenure_ == Tenure::Attached && target_.lifecycle() != nullptr) target_.lifecycle()->detached();
  if (tenure_ == Tenure::Killed) target_.lifecycle()->kill();
  tenure_ = Tenure::None;
  client_ = {};
  decoder_.reset();
  last_packet_.clear();
  awaiting_ = Awaiting::Nothing;
  general_thread_ = {};
  continue_thread_ = {ThreadSelector::Kind::All, {}};
  running_ = target_.running();
  saved_registers_.clear();
  transfer_key_.clear();
  transfer_text_.clear();
  remarks_.clear();
  library_files_.clear();
  files_.clear();
}

// Nothing that this client planted or switched on may outlive it.
void Session::lift_everything() {
  planted_.remove_all(target_);
  if (client_.non_stop) static_cast<void>(target_.non_stop()->set_non_stop(false));
  client_.non_stop = false;
  client_.interrupt_due = false;
  stopped_.clear();
  notices_.clear();
  later_.clear();
  if (QemuCompatibility* qemu = target_.qemu_compatibility(); qemu != nullptr && qemu->physical_memory()) {
    static_cast<void>(qemu->set_physical_memory(false));
  }
}

void Session::attach() {
  tenure_ = Tenure::Attached;
  if (target_.lifecycle() != nullptr) target_.lifecycle()->attached();
  renew_description();
  running_ = target_.running();
  if (running_) last_stop_.reset();
}

void Session::renew_description() {
  target_.refresh_description();
  registers_.emplace(target_.description());
}

void Session::take(const wire::Packet& packet) {
  resends_ = client_.acks;  // also the reply that ends them
  if (client_.acks) *out_ += '+';
  trace(PacketDirection::FromClient, {packet.payload.data(), packet.payload.size()});
  if (tenure_ == Tenure::None) attach();
  answer(parse(packet.payload));
}

void Session::take(const wire::Nack&) {
  trace(PacketDirection::FromClient, "[resend]");
  *out_ += last_packet_;
}

void Session::take(const wire::Interrupt&) {
  trace(PacketDirection::FromClient, "[interrupt]");
  interrupt();
}

void Session::take(const wire::BadChecksum&) {
  trace(PacketDirection::FromClient, "[corrupt]");
  if (client_.acks) {
    *out_ += '-';
  } else {
    answer_error({"the packet's checksum is wrong", 1});
  }
}

void Session::take(const wire::Oversize&) {
  trace(PacketDirection::FromClient, "[too long]");
  if (client_.acks) *out_ += '+';
  answer_error({fmt::format("the packet is longer than {:#x} bytes", packet_size), 1});
}

void Session::answer(const Request& request) {
  Reply reply(*out_);
  const auto& [command, needs] = request;
  const Handled handled = needs(target_) ? std::visit([&](const auto& each) { return handle(each, reply); }, command)
                                         : Handled(Answer::Reply);
  if (!handled) {
    reply.clear();
    write_error(reply, handled.error(), shows_error_text(command));
  } else if (*handled == Answer::Nothing) {
    return reply.drop();
  }
  send(reply);
}

void Session::answer_error(const Error& error) {
  Reply reply(*out_);
  write_error(reply, error, true);
  send(reply);
}

void Session::write_error(Reply& reply, const Error& error, bool shows_text) {
  const unsigned code = error.code;
  if (client_.lldb) {
    reply.format("E{:02x}", code);
    if (!client_.error_strings) return;
    reply.text(";");
    reply.hex(error.text);
  } else if (client_.error_message || shows_text) {
    reply.text("E.");
    reply.sentence(error.text);
  } else {
    reply.format("E{:02x}", code);
  }
}

void Session::send(Reply& reply) {
  trace(PacketDirection::ToClient, reply.payload());
  const std::string_view packet = reply.finish();
  if (resends_) last_packet_ = packet;
}

void Session::trace(PacketDirection direction, std::string_view text) const {
  if (trace_) trace_(direction, text);
}

void Session::console(std::string_view text) {
  // Hex doubles the text; a packet stays within what the client can take.
  constexpr std::size_t most = packet_size / 2 - 1;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), most))) {
    Reply reply(*out_);
    reply.text("O");
    reply.hex(text.substr(0, most));
    send(reply);
  }
}

void Session::console_before(Reply& reply, std::string_view text) {
  reply.drop();
  console(text);
  reply.restart();
}

void Session::remark(std::string_view text) {
  if (text.empty() || remarks_.size() + text.size() > most_remarks) return;
  remarks_ += text;
  if (remarks_.back() != '\n') remarks_ += '\n';
}

void Session::flush_remarks(Reply& reply) {
  if (!remarks_.empty()) console_before(reply, remarks_);
  remarks_.clear();
}

Result<> Session::require_stopped() const {
  if (running_ && !client_.non_stop) return fail("the target is running");
  return {};
}

ThreadId Session::general_thread() {
  if (general_thread_.kind == ThreadSelector::Kind::One) return general_thread_.thread;
  if (last_stop_ && last_stop_->thread.value != 0) return last_stop_->thread;
  const std::vector<ThreadId> threads = target_.threads();
  return threads.empty() ? ThreadId{1} : threads.front();
}

Result<ThreadId> Session::resolve(const ThreadSelector& selector) {
  if (selector.kind != ThreadSelector::Kind::One) return general_thread();
  const std::vector<ThreadId> threads = target_.threads();
  if (std::ranges::find(threads, selector.thread) == threads.end()) {
    return fail(fmt::format("there is no thread {}", selector.thread));
  }
  return selector.thread;
}

Result<ThreadId> Session::resolve(const std::optional<ThreadSelector>& selector) {
  if (!selector) return general_thread();
  return resolve(*selector);
}

Session::Handled Session::ok(Reply& reply) {
  reply.text("OK");
  return Answer::Reply;
}

Session::Handled Session::result(Reply& reply, const Result<>& done) {
  if (!done) return std::unexpected(done.error());
  return ok(reply);
}

Session::Handled Session::handle(const command::Unsupported&, Reply&) { return Answer::Reply; }

Session::Handled Session::handle(const command::Malformed&, Reply&) {
  return std::unexpected(Error{"the packet cannot be understood", 0x16});  // EINVAL
}

Session::Handled Session::handle(const command::ExtendedMode&, Reply& reply) {
  client_.extended = true;
  return ok(reply);
}

// Its own reply is the last packet that the client acknowledges.
Session::Handled Session::handle(const command::StartNoAckMode&, Reply& reply) {
  client_.acks = false;
  return ok(reply);
}

Session::Handled Session::handle(const command::Supported& command, Reply& reply) {
  learn_features(client_, command.features);
  reply.text(supported_features(target_, client_));
  return Answer::Reply;
}

Session::Handled Session::handle(const command::MustReplyEmpty&, Reply&) { return Answer::Reply; }

// The client offers symbols; none are wanted.
Session::Handled Session::handle(const command::Symbol&, Reply& reply) { return ok(reply); }

}  // namespace gdbstub
