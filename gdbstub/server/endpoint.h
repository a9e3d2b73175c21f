// Where a server listens, and the way users write that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "gdbstub/types.h"

namespace gdbstub {

struct TcpEndpoint {
  std::string host;        // a numeric address, or a name
  std::uint16_t port = 0;  // 0: any free one
  bool operator==(const TcpEndpoint&) const = default;
};
struct UnixEndpoint {
  std::string path;
  bool operator==(const UnixEndpoint&) const = default;
};
// One client, there from the start, on a pair of descriptors (owned by the server from then on).
struct StdioEndpoint {
  int in = 0;
  int out = 1;
  bool operator==(const StdioEndpoint&) const = default;
};
using Endpoint = std::variant<TcpEndpoint, UnixEndpoint, StdioEndpoint>;

// HOST:PORT, :PORT (loopback), [V6]:PORT, unix:PATH, stdio. Fails with a sentence for the user.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace gdbstub
