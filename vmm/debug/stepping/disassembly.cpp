// Zydis set up for a CPU's mode.
#include "vmm/debug/stepping/disassembly.h"

namespace gdbvm {

ZydisDecoder decoder_for(x86::CpuMode mode) {
  using enum x86::CpuMode;
  ZydisDecoder decoder;
  const bool long_mode = mode == Long;
  const bool wide = long_mode || mode == Compatibility || mode == Protected32;
  const auto machine = long_mode      ? ZYDIS_MACHINE_MODE_LONG_64
                       : mode == Real ? ZYDIS_MACHINE_MODE_REAL_16
                       : wide         ? ZYDIS_MACHINE_MODE_LEGACY_32
                                      : ZYDIS_MACHINE_MODE_LEGACY_16;
  const auto width = long_mode ? ZYDIS_STACK_WIDTH_64 : wide ? ZYDIS_STACK_WIDTH_32 : ZYDIS_STACK_WIDTH_16;
  ZydisDecoderInit(&decoder, machine, width);
  return decoder;
}

}  // namespace gdbvm
