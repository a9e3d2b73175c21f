// Memory as the lines of `x` and `xp`, in QEMU's layout.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "gdbstub/types.h"
#include "vmm/x86/cpu_state.h"

namespace gdbvm::monitor {

struct ExamineFormat {
  static constexpr unsigned max_count = 65536;  // items

  unsigned count = 1;
  char format = 'x';  // x d u o c, or i for instructions
  unsigned size = 4;  // bytes of an item: 1, 2, 4 or 8
  bool operator==(const ExamineFormat&) const = default;
};
// "10wx": count, format and size in any order, each once at most.
gdbstub::Result<ExamineFormat> parse_format(std::string_view text);

// As GuestView's: how much was read, from the start on, or why nothing was.
using ReadMemory = std::function<gdbstub::Result<std::size_t>(std::uint64_t address, std::span<std::uint8_t> out)>;

// Appends the lines to `text` as far as memory can be read; then the error says why no further.
gdbstub::Result<> memory_text(std::uint64_t address, const ExamineFormat& format, x86::CpuMode mode,
                              const ReadMemory& read, std::string& text);

}  // namespace gdbvm::monitor
