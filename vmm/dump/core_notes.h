// The notes of a core file: what gdb, crash and drgn are told of each CPU, and of the kernel.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "vmm/x86/cpu_state.h"

namespace gdbvm::dump {

enum class CoreClass { Elf32, Elf64 };

struct CpuImage {
  std::uint32_t id;  // the thread's, from 1
  x86::GeneralRegisters general;
  x86::SystemRegisters system;
  x86::ExtendedState extended;
  std::uint64_t xcr0;
};

// One after the other, as a PT_NOTE segment has them: for each CPU NT_PRSTATUS, NT_FPREGSET (64-bit cores) and
// NT_X86_XSTATE (with AVX); then for each CPU QEMU's note with the system registers; then VMCOREINFO, unless empty.
// In NT_PRSTATUS the pc and the stack and frame pointers are linear, as the debugger sees them live.
std::vector<std::uint8_t> core_notes(std::span<const CpuImage> cpus, CoreClass core_class, std::string_view vmcoreinfo);

}  // namespace gdbvm::dump
