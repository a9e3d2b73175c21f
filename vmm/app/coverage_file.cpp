#include "vmm/app/coverage_file.h"

#include <utility>

#include "vmm/coverage/lcov.h"
#include "vmm/debug/program/coverage_source.h"
#include "vmm/host/setup_error.h"
#include "vmm/host/standard_streams.h"

namespace gdbvm {

gdbstub::Result<Coverage::Source> coverage_source(const ObservationOptions& options, const DebugFiles& files,
                                                  const boot::BootPlan& plan) {
  auto map = read_coverage_map(files.elf(), options.coverage_of);
  if (!map) return std::unexpected(map.error());
  auto loaded = loaded_places(files.elf(), plan, map->addresses());
  return Coverage::Source{std::move(*map), std::move(loaded)};
}

void begin_coverage(const ObservationOptions& options, Debuggee& debuggee) {
  if (options.coverage.empty()) return;
  if (const auto file = coverage::new_lcov_file(options.coverage); !file)
    throw SetupError("--coverage: " + file.error());
  if (const auto begun = debuggee.begin_coverage(); !begun) throw SetupError(begun.error().text);
}

bool write_coverage(const ObservationOptions& options, Debuggee& debuggee) {
  if (options.coverage.empty()) return true;
  const auto report = debuggee.coverage().report();
  const auto written = report ? coverage::write_lcov(options.coverage, *report)
                              : std::expected<void, std::string>(std::unexpected(report.error().text));
  if (!written) tell_user("--coverage: {}", written.error());
  return written.has_value();
}

}  // namespace gdbvm
