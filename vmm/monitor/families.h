// The families of monitor commands, for monitor.cpp alone.
#pragma once

#include "vmm/monitor/monitor.h"

namespace gdbvm::monitor {

using Arguments = std::span<const std::string_view>;
// With the spaces between them: the words, of which there is at least one, are parts of one line.
inline std::string_view as_written(Arguments words) { return {words.front().begin(), words.back().end()}; }

std::span<const MonitorCommand> run_commands();
std::span<const MonitorCommand> memory_commands();
std::span<const MonitorCommand> page_table_commands();
std::span<const MonitorCommand> cpu_commands();
std::span<const MonitorCommand> descriptor_commands();
std::span<const MonitorCommand> device_commands();
std::span<const MonitorCommand> keyboard_commands();
std::span<const MonitorCommand> screen_commands();
std::span<const MonitorCommand> dump_commands();
std::span<const MonitorCommand> snapshot_commands();
std::span<const MonitorCommand> history_commands();
std::span<const MonitorCommand> coverage_commands();

}  // namespace gdbvm::monitor
