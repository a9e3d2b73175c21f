// What a session reports of its conversation to whoever wants to watch it.
#pragma once

#include <functional>
#include <string_view>

namespace gdbstub {

enum class PacketDirection { FromClient, ToClient };

// `text` is a packet between its `$` and `#`: from the client with escapes undone, to it before runs are shortened.
// What is not a packet, such as an interrupt or a corrupt one, comes as a word in brackets.
using PacketTrace = std::function<void(PacketDirection, std::string_view text)>;

}  // namespace gdbstub
