// Descriptor tables in words.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "vmm/x86/cpu_state.h"

namespace gdbvm::monitor {

// "CS64 [-RA]", "DS   [-WA]", "TSS64-busy": type and, for code and data, what it allows.
std::string segment_kind(const x86::Segment& segment, bool long_mode);

// Reads at a linear address; false: not all of it can be read.
using ReadLinear = std::function<bool(std::uint64_t address, std::span<std::uint8_t> out)>;

// One line for each entry that is not zero; `only` is one of them, present or not. Where a table ends or cannot be
// read, a line says so.
std::string gdt_text(const x86::SystemRegisters& system, const ReadLinear& read);
std::string idt_text(const x86::SystemRegisters& system, const ReadLinear& read, std::optional<unsigned> only);

}  // namespace gdbvm::monitor
