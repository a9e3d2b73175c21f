// Reads the user's spelling of an endpoint.
#include "gdbstub/server/endpoint.h"

#include <charconv>

namespace gdbstub {

Result<Endpoint> parse_endpoint(std::string_view text) {
  constexpr std::string_view unix_prefix = "unix:";
  if (text == "stdio") return StdioEndpoint{};
  if (text.starts_with(unix_prefix)) {
    const std::string_view path = text.substr(unix_prefix.size());
    if (path.empty()) return fail("unix: needs the path of a socket");
    return UnixEndpoint{std::string(path)};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail(fmt::format("'{}' is not HOST:PORT, unix:PATH or stdio", text));
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    return fail(fmt::format("'{}' is not a port number from 0 to 65535", digits));
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host == "localhost") host = "127.0.0.1";
  return TcpEndpoint{std::string(host), port};
}

}  // namespace gdbstub
