// printf for agent expressions: the format came from the client, the arguments from the target.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gdbstub/hit_action.h"

namespace gdbstub {

// The format may contain C's escapes. Knows %c %d %i %u %o %x %X %p %s with flags, width, precision and length, and %%.
// Widths are cut at 1,024 characters, strings at 4,096; %s reads its string from the target. Fails on any other
// conversion and on missing arguments.
Result<std::string> agent_printf(std::string_view format, std::span<const std::uint64_t> arguments,
                                 HitContext& context);

}  // namespace gdbstub
