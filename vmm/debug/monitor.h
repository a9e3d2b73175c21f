// The `monitor` commands: one table of name, arguments, help and function.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "gdbstub/types.h"

namespace gdbvm {

class KvmTarget;

using Print = std::function<void(std::string_view)>;

struct MonitorContext {
  KvmTarget& target;
  gdbstub::ThreadId thread;  // the one the debugger has selected
  const Print& print;        // whole lines, with the newline
};

struct MonitorCommand {
  std::string_view name;       // one or two words: "info registers"
  std::string_view arguments;  // for help: "N", "[on|off]"
  std::string_view help;
  gdbstub::Result<> (*run)(MonitorContext& context, std::span<const std::string_view> arguments);
};

std::span<const MonitorCommand> monitor_commands();

// Finds the command whose name begins the line and runs it; an unknown one is an error that names `help`.
gdbstub::Result<> run_monitor_command(MonitorContext& context, std::string_view line);

}  // namespace gdbvm
