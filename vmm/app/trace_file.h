// Where `--trace` lines go: a file or standard error.
#pragma once

#include <cstdio>
#include <string>

#include "gdbstub/packet_trace.h"
#include "vmm/devices/bus.h"

namespace gdbvm {

class TraceFile final {
 public:
  // An empty path is standard error. Throws std::system_error when the file cannot be made.
  explicit TraceFile(const std::string& path);
  ~TraceFile();
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  std::FILE* stream() const { return stream_; }
  // One line an access: "io out 0x3f8 1: 48" and, where no device answers, "(no device)".
  Bus::Trace io_trace() const;
  // One line a packet: "rsp in  m100000,8" from the debugger, "rsp out 55" to it. Bytes that are not printable ASCII
  // are written \xNN, and of a long packet the beginning and the size.
  gdbstub::PacketTrace rsp_trace() const;

 private:
  std::FILE* stream_;
};

}  // namespace gdbvm
