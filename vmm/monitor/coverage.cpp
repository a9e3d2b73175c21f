// Monitor commands about what the guest has executed.
#include <algorithm>

#include "vmm/coverage/lcov.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

using gdbstub::fail, gdbstub::Result;

namespace {

Result<> coverage_on(MonitorContext& context, Arguments) { return context.debuggee.begin_coverage(); }

Result<> coverage_off(MonitorContext& context, Arguments) {
  context.debuggee.coverage().end();
  return {};
}

Result<> coverage_reset(MonitorContext& context, Arguments) {
  context.debuggee.coverage().reset();
  return {};
}

Result<> coverage_save(MonitorContext& context, Arguments arguments) {
  if (arguments.empty()) return fail("usage: coverage save FILE");
  const auto report = context.debuggee.coverage().report();
  if (!report) return std::unexpected(report.error());
  const std::string path(as_written(arguments));
  if (const auto written = coverage::write_lcov(path, *report); !written) return fail(written.error());
  context.print(fmt::format("saved in {}\n", path));
  return {};
}

Result<> info_coverage(MonitorContext& context, Arguments) {
  const auto report = context.debuggee.coverage().report();
  if (!report) return std::unexpected(report.error());
  for (const auto& file : *report) {
    const auto executed = std::ranges::count_if(file.lines, [](const auto& line) { return line.executed; });
    context.print(fmt::format("{:>6} of {:>6} lines  {}\n", executed, file.lines.size(), file.path));
  }
  return {};
}

}  // namespace

std::span<const MonitorCommand> coverage_commands() {
  static constexpr MonitorCommand table[] = {
      {"info coverage", "", "how many lines of each source file the guest has executed", info_coverage},
      {"coverage on", "", "notice which source lines the guest executes", coverage_on},
      {"coverage off", "", "do not look any more; what has been noticed stays", coverage_off},
      {"coverage reset", "", "forget what has been noticed", coverage_reset},
      {"coverage save", "FILE", "which lines have been executed, in lcov's format", coverage_save},
  };
  return table;
}

}  // namespace gdbvm::monitor
