#include "vmm/app/prompt.h"

#include <utility>

namespace gdbvm {

Terminal::Rest run_at_prompt(Debuggee& debuggee, MonitorSelection& selection, std::string_view line,
                             const Print& print) {
  const gdbstub::ThreadId cpu = selection.cpu.value_or(gdbstub::ThreadId{1});
  MonitorContext context{debuggee, cpu, selection, print, {}};
  const auto done = run_monitor_command(context, line);
  if (!done) print(done.error().text + "\n");
  if (!done || !context.rest) return {};
  return [rest = std::move(context.rest)](const Print& show) {
    const auto progress = rest(show);
    if (!progress) show(progress.error().text + "\n");
    return progress == gdbstub::Progress::Unfinished;
  };
}

}  // namespace gdbvm
