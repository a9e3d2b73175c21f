// Numbers and addresses as users of monitor commands write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "vmm/monitor/monitor.h"

namespace gdbvm::monitor {

// "0x1000", "4096".
gdbstub::Result<std::uint64_t> parse_number(std::string_view text);
// Terms with + and - between them: numbers, and registers of the context's CPU by the names that gdb knows ("$rsp+8",
// "$pc"). The words of one address may be several arguments.
gdbstub::Result<std::uint64_t> parse_address(MonitorContext& context, std::span<const std::string_view> words);

}  // namespace gdbvm::monitor
