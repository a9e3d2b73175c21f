// qRcmd: the target's own commands.
#include <memory>
#include <utility>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/selection.h"

namespace gdbstub {
namespace {

// GDB before error-message+ shows nothing of an error's text here, so it goes to the console first.
Handled failed(Conversation& c, Reply& reply, const Error& error) {
  const Dialect& dialect = c.client.dialect;
  if (!dialect.error_message && !dialect.error_strings) c.print_before(reply, error.text + '\n');
  return std::unexpected(error);
}

// A command that has not finished yet.
class RunningCommand final : public Work {
 public:
  RunningCommand(std::string_view line, Piece piece) : line_(line), piece_(std::move(piece)) {}

  Handled proceed(Conversation& c, Reply& reply) override {
    const auto progress = piece_([&](std::string_view text) { c.print_before(reply, text); });
    if (!progress) return failed(c, reply, progress.error());
    return *progress == Progress::Done ? ok(reply) : Handled(Answer::Unfinished);
  }
  Handled give_up(Conversation& c, Reply& reply, Error why) override {
    return failed(c, reply, {fmt::format("{}: `{}` was not finished", why.text, line_), why.code});
  }

 private:
  std::string line_;
  Piece piece_;
};

}  // namespace

Handled handle(Conversation& c, const command::Monitor& command, Reply& reply) {
  c.flush_remarks(reply);
  const std::string_view line(reinterpret_cast<const char*>(command.line.data()), command.line.size());
  const auto print = [&](std::string_view text) { c.print_before(reply, text); };
  auto rest = c.target.monitor_commands()->run(general_thread(c), line, print);
  if (!rest) return failed(c, reply, rest.error());
  if (*rest == nullptr) return ok(reply);
  return begin(c, std::make_unique<RunningCommand>(line, std::move(*rest)), reply);
}

}  // namespace gdbstub
