// Where the guest's serial port ends on the host, and the way users write that.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "gdbstub/server/endpoint.h"

namespace gdbvm {

namespace serial_endpoint {
struct Stdio {
  bool input = true;  // false: standard input belongs to someone else
  bool operator==(const Stdio&) const = default;
};
struct Stderr {  // output only
  bool operator==(const Stderr&) const = default;
};
struct None {
  bool operator==(const None&) const = default;
};
struct File {  // output only; truncated
  std::string path;
  bool operator==(const File&) const = default;
};
// These listen; one client at a time.
using UnixSocket = gdbstub::UnixEndpoint;
using TcpSocket = gdbstub::TcpEndpoint;
struct Pty {
  bool operator==(const Pty&) const = default;
};
}  // namespace serial_endpoint

using SerialEndpoint =
    std::variant<serial_endpoint::Stdio, serial_endpoint::Stderr, serial_endpoint::None, serial_endpoint::File,
                 serial_endpoint::UnixSocket, serial_endpoint::TcpSocket, serial_endpoint::Pty>;

inline bool on_stdio(const SerialEndpoint& endpoint) {
  return std::holds_alternative<serial_endpoint::Stdio>(endpoint);
}

// stdio, stderr, none, file:PATH, unix:PATH, tcp:HOST:PORT or pty. Fails with a sentence for the user.
std::expected<SerialEndpoint, std::string> parse_serial_endpoint(std::string_view text);

}  // namespace gdbvm
