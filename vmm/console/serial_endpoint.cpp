#include "vmm/console/serial_endpoint.h"

#include <fmt/format.h>

namespace gdbvm {

std::expected<SerialEndpoint, std::string> parse_serial_endpoint(std::string_view text) {
  using namespace serial_endpoint;
  if (text == "stdio") return Stdio{};
  if (text == "stderr") return Stderr{};
  if (text == "none") return None{};
  if (text == "pty") return Pty{};
  constexpr std::string_view file = "file:", unix_socket = "unix:", tcp = "tcp:";
  if (text.size() > file.size() && text.starts_with(file)) return File{std::string(text.substr(file.size()))};
  if (text.size() > unix_socket.size() && text.starts_with(unix_socket)) {
    return UnixSocket{std::string(text.substr(unix_socket.size()))};
  }
  if (text.starts_with(tcp)) {
    const auto endpoint = gdbstub::parse_endpoint(text.substr(tcp.size()));
    if (endpoint && std::holds_alternative<TcpSocket>(*endpoint)) return std::get<TcpSocket>(*endpoint);
  }
  return std::unexpected(
      fmt::format("'{}' is not stdio, stderr, none, file:PATH, unix:PATH, tcp:HOST:PORT or pty", text));
}

}  // namespace gdbvm
