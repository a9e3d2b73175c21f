// Where `--trace` lines go: a file or standard error.
#include "vmm/app/trace_file.h"

#include <cerrno>
#include <system_error>

#include <fmt/ranges.h>

namespace gdbvm {

namespace {

constexpr std::size_t most_of_packet = 256;

std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, most_of_packet)) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > most_of_packet) result += fmt::format("... ({} bytes)", text.size());
  return result;
}

}  // namespace

TraceFile::TraceFile(const std::string& path) : stream_(path.empty() ? stderr : std::fopen(path.c_str(), "we")) {
  if (!stream_)
    throw std::system_error(errno, std::generic_category(), fmt::format("cannot write the trace to '{}'", path));
}

TraceFile::~TraceFile() {
  if (stream_ != stderr) std::fclose(stream_);
}

Bus::Trace TraceFile::io_trace() const {
  return [stream = stream_](const PortAccess& access) {
    const bool in = access.direction == PortAccess::Direction::In;
    fmt::print(stream, "io {} {:#06x} {}: {:02x}{}\n", in ? "in " : "out", access.port, access.size,
               fmt::join(access.bytes, " "), access.claimed ? "" : " (no device)");
    std::fflush(stream);
  };
}

gdbstub::PacketTrace TraceFile::rsp_trace() const {
  return [stream = stream_](gdbstub::PacketDirection direction, std::string_view text) {
    const bool in = direction == gdbstub::PacketDirection::FromClient;
    fmt::print(stream, "rsp {} {}\n", in ? "in " : "out", printable(text));
    std::fflush(stream);
  };
}

}  // namespace gdbvm
