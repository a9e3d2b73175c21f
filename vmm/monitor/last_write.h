// `who-wrote`: back to the last write to a range.
#pragma once

#include "vmm/monitor/families.h"

namespace gdbvm::monitor {

gdbstub::Result<> who_wrote(MonitorContext& context, Arguments arguments);

}  // namespace gdbvm::monitor
