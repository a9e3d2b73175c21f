// What --coverage and --coverage-of ask for.
#pragma once

#include <string>

#include "vmm/app/options/observation.h"
#include "vmm/boot/boot_plan.h"
#include "vmm/debug/control/debuggee.h"
#include "vmm/debug/program/debug_files.h"

namespace gdbvm {

gdbstub::Result<Coverage::Source> coverage_source(const ObservationOptions& options, const DebugFiles& files,
                                                  const boot::BootPlan& plan);
// Before the guest runs. Throws SetupError, also if the file could not be written.
void begin_coverage(const ObservationOptions& options, Debuggee& debuggee);
// When it does not run any more; false, and the user has been told, if there is no file.
[[nodiscard]] bool write_coverage(const ObservationOptions& options, Debuggee& debuggee);

}  // namespace gdbvm
