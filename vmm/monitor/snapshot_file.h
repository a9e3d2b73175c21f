// `savevm file:PATH`: the machine as it is, in a file that gdbvm --restore starts from.
#pragma once

#include <string>

#include "vmm/monitor/monitor.h"

namespace gdbvm::monitor {

// Writes it in pieces, as the command's rest; the guest stands still until it is done.
gdbstub::Result<> save_to_file(MonitorContext& context, const std::string& path);

}  // namespace gdbvm::monitor
