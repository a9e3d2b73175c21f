// The whole program put together: machine, target, session, server, console and the command that is run beside it.
#pragma once

#include "vmm/app/options/options.h"

namespace gdbvm {

// Runs until the guest, the debugger or the command ends it; returns the process's exit status. Throws SetupError
// and std::system_error when the host cannot run it.
int run_application(const Options& options);

}  // namespace gdbvm
