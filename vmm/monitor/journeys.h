// Ways through the guest's past that monitor commands wait for.
#pragma once

#include <functional>

#include "vmm/monitor/context.h"

namespace gdbvm::monitor {

// The command's rest waits for the end of the way, and is given up by breaking it off. arrived(): what is to be told of
// where that has led: Step or Stop; or Begin, where the machine is where it was.
gdbstub::Result<> go(MonitorContext& context, const std::function<gdbstub::Result<JourneyPtr>(TimeTravel&)>& way,
                     std::function<gdbstub::Result<>(history::Arrival::At, const Print&)> arrived);

}  // namespace gdbvm::monitor
