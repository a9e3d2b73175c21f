// qRcmd: the target's own commands.
#include "gdbstub/session/handlers.h"
#include "gdbstub/session/selection.h"

namespace gdbstub {

// GDB before error-message+ shows nothing of an error's text here, so it goes to the console first.
Handled handle(Conversation& c, const command::Monitor& command, Reply& reply) {
  c.flush_remarks(reply);
  const std::string_view line(reinterpret_cast<const char*>(command.line.data()), command.line.size());
  const auto print = [&](std::string_view text) { c.print_before(reply, text); };
  const Result<> done = c.target.monitor_commands()->run(general_thread(c), line, print);
  if (!done && !c.client.dialect.error_message && !c.client.dialect.error_strings)
    c.print_before(reply, done.error().text + '\n');
  return result(reply, done);
}

}  // namespace gdbstub
