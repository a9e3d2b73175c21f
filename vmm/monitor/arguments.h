// Numbers and addresses as users of monitor commands write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "vmm/monitor/monitor.h"

namespace gdbvm::monitor {

// "0x1000", "4096".
gdbstub::Result<std::uint64_t> parse_number(std::string_view text);
// Numbers and registers of the context's CPU, by gdb's names, with + and - between them ("$rsp+8", "$pc"). Several
// arguments may make up one address.
gdbstub::Result<std::uint64_t> parse_address(MonitorContext& context, std::span<const std::string_view> words);

}  // namespace gdbvm::monitor
