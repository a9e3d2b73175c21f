// The `monitor` commands: a table of name, arguments, help and function for each family of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gdbstub/piece.h"
#include "gdbstub/types.h"

namespace gdbvm {

class Debuggee;

using Print = std::function<void(std::string_view)>;

// What one user (a debugger's connection, the terminal) has chosen to look at.
struct MonitorSelection {
  std::optional<gdbstub::ThreadId> cpu;  // `cpu N`; else the one that is selected there
  std::optional<std::uint64_t> cr3;      // `cr3 VALUE`: page tables to look through in place of the CPU's own
  bool operator==(const MonitorSelection&) const = default;
};

struct MonitorContext {
  Debuggee& debuggee;
  gdbstub::ThreadId thread;     // the CPU that is asked about
  MonitorSelection& selection;  // the user's
  const Print& print;           // whole lines, with the newline
  gdbstub::Piece rest = {};     // set by a command that has more to do: whoever runs it calls this until it is done
};

struct MonitorCommand {
  std::string_view name;       // one or two words: "info registers"
  std::string_view arguments;  // for help: "N", "[on|off]"
  std::string_view help;
  gdbstub::Result<> (*run)(MonitorContext& context, std::span<const std::string_view> arguments);
};

// All of them, family by family.
std::span<const MonitorCommand> monitor_commands();

// Runs the command whose name begins the line; an unknown one is an error that names `help`. A needless `info` before
// the name is ignored, and `x/4x` is `x /4x`. On the debugger's thread, whether the CPUs run or not.
gdbstub::Result<> run_monitor_command(MonitorContext& context, std::string_view line);

}  // namespace gdbvm
