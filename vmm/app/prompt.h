// The monitor's commands at the terminal's prompt.
#pragma once

#include <string_view>

#include "vmm/console/terminal.h"
#include "vmm/monitor/monitor.h"

namespace gdbvm {

// Errors are printed too. Returns what is left to do of a long command, piece by piece; empty: nothing.
Terminal::Rest run_at_prompt(Debuggee& debuggee, MonitorSelection& selection, std::string_view line,
                             const Print& print);

}  // namespace gdbvm
