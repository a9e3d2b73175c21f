#include "vmm/app/trace_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/ranges.h>

#include "vmm/host/standard_streams.h"

namespace gdbvm {

namespace {

constexpr std::size_t max_shown = 256;  // bytes of a packet

std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, max_shown)) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > max_shown) result += fmt::format("... ({} bytes)", text.size());
  return result;
}

Fd open_trace(const std::string& path) {
  if (path.empty()) return {};
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) throw std::system_error(errno, std::generic_category(), fmt::format("cannot write the trace to '{}'", path));
  return fd;
}

// errno, or 0: all is written.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

TraceFile::TraceFile(const std::string& path) : path_(path), fd_(open_trace(path)) {}

void TraceFile::write(std::string_view line) {
  const std::string whole = std::string(line) + '\n';
  const std::lock_guard lock(mutex_);
  if (broken_) return;
  const int error = write_all(path_.empty() ? STDERR_FILENO : fd_.get(), whole);
  if (error == 0) return;
  broken_ = true;
  tell_user("the trace in {} ends here: {}", path_.empty() ? "standard error" : path_, std::strerror(error));
}

Bus::Trace TraceFile::io_trace() {
  return [this](const PortAccess& access) {
    const bool in = access.direction == PortAccess::Direction::In;
    write(fmt::format("io {} {:#06x} {}: {:02x}{}", in ? "in " : "out", access.port, access.size,
                      fmt::join(access.bytes, " "), access.claimed ? "" : " (no device)"));
  };
}

InterruptTrace TraceFile::irq_trace() {
  return [this](const TakenInterrupt& taken) {
    write(fmt::format("irq cpu {}: {:#04x} at {:#x}, {} ns", taken.cpu, taken.vector, taken.rip, taken.time.count()));
  };
}

gdbstub::PacketTrace TraceFile::rsp_trace() {
  return [this](gdbstub::PacketDirection direction, std::string_view text) {
    const bool in = direction == gdbstub::PacketDirection::FromClient;
    write(fmt::format("rsp {} {}", in ? "in " : "out", printable(text)));
  };
}

}  // namespace gdbvm
