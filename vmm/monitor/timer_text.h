// The interval timer in words.
#pragma once

#include <string>

#include "vmm/x86/interval_timer.h"

namespace gdbvm::monitor {

std::string interval_timer_text(const x86::IntervalTimerRegisters& timer);

}  // namespace gdbvm::monitor
