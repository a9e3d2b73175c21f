// Model-specific registers by name, and what is in those that kernels are debugged by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gdbvm::monitor {

// "EFER", "lstar", "IA32_PAT"...: upper or lower case, with or without the prefix.
std::optional<std::uint32_t> msr_by_name(std::string_view name);

// One line: "MSR 0xc0000080 (EFER) = 0x0000000000000d01: SCE LME LMA NXE".
std::string msr_text(std::uint32_t index, std::uint64_t value);

}  // namespace gdbvm::monitor
