// Where `--trace` lines go: a file or standard error.
#pragma once

#include <cstdio>
#include <string>

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

 private:
  std::FILE* stream_;
};

}  // namespace gdbvm
