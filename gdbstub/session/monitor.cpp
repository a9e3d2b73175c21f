// qRcmd: the target's own commands.
#include "gdbstub/session/session.h"

namespace gdbstub {

// GDB before error-message+ shows nothing of an error's text here, so it goes to the console first.
Session::Handled Session::handle(const command::Monitor& command, Reply& reply) {
  flush_remarks(reply);
  const std::string_view line(reinterpret_cast<const char*>(command.line.data()), command.line.size());
  const auto print = [&](std::string_view text) { console_before(reply, text); };
  const Result<> done = target_.monitor_commands()->run(general_thread(), line, print);
  if (!done && !client_.error_message && !client_.error_strings) console_before(reply, done.error().text + '\n');
  return result(reply, done);
}

}  // namespace gdbstub
