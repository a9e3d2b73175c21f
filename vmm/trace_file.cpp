// Where `--trace` lines go: a file or standard error.
#include "vmm/trace_file.h"

#include <cerrno>
#include <system_error>

#include <fmt/ranges.h>

namespace gdbvm {

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

}  // namespace gdbvm
