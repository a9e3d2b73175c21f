// c C s S, vCont.
#include <optional>

#include "gdbstub/packets/parsers.h"

namespace gdbstub::packets {
namespace {

using Action = command::ResumeThreads::Action;

// The letter of one vCont action and what follows it, without the thread.
std::optional<Action> take_action(PacketArguments& args) {
  if (args.take("c")) return Action{Action::Kind::Continue};
  if (args.take("s")) return Action{Action::Kind::Step};
  if (args.take("t")) return Action{Action::Kind::Stop};
  if (args.take("r")) {
    const auto range = args.take_range();  // START,END
    if (!range) return std::nullopt;
    return Action{Action::Kind::StepRange, Signal::None, range->address, Address{range->length}};
  }
  const bool continues = args.take("C");
  if (!continues && !args.take("S")) return std::nullopt;
  const auto signal = args.take_signal();
  if (!signal) return std::nullopt;
  return Action{continues ? Action::Kind::Continue : Action::Kind::Step, *signal};
}

}  // namespace

// c [ADDRESS], s [ADDRESS]
Command resume(ResumeKind kind, PacketArguments args) {
  if (args.empty()) return command::Resume{kind};
  const auto address = args.take_address();
  if (!address || !args.empty()) return command::Malformed{};
  return command::Resume{kind, Signal::None, address};
}

// C SIGNAL[;ADDRESS], S SIGNAL[;ADDRESS]
Command resume_with_signal(ResumeKind kind, PacketArguments args) {
  const auto signal = args.take_signal();
  if (!signal) return command::Malformed{};
  if (args.empty()) return command::Resume{kind, *signal};
  const auto address = args.take(";") ? args.take_address() : std::nullopt;
  if (!address || !args.empty()) return command::Malformed{};
  return command::Resume{kind, *signal, address};
}

// vCont;ACTION[:THREAD];...
Command resume_threads(PacketArguments args) {
  command::ResumeThreads command;
  while (!args.empty()) {
    PacketArguments part(args.take_until(';'));
    auto action = take_action(part);
    if (!action) return command::Malformed{};
    if (part.take(":")) {
      const auto thread = part.take_thread();
      if (!thread) return command::Malformed{};
      action->thread = *thread;
    }
    if (!part.empty()) return command::Malformed{};
    command.actions.push_back(*action);
  }
  if (command.actions.empty()) return command::Malformed{};
  return command;
}

}  // namespace gdbstub::packets
