// Zydis set up for a CPU's mode.
#pragma once

#include <Zydis/Zydis.h>

#include "vmm/x86/cpu_state.h"

namespace gdbvm {

ZydisDecoder decoder_for(x86::CpuMode mode);

}  // namespace gdbvm
