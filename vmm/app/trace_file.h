// Where `--trace` lines go: a file or standard error.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "gdbstub/packet_trace.h"
#include "vmm/devices/bus.h"
#include "vmm/host/fd.h"
#include "vmm/machine/interrupt_trace.h"

namespace gdbvm {

class TraceFile final {
 public:
  // An empty path is standard error. Throws std::system_error when the file cannot be made.
  explicit TraceFile(const std::string& path);

  // From any thread. Writes the line and a newline; it is in the file when this returns. From the first line that
  // cannot be written on, none is: the user is told so, once.
  void write(std::string_view line);
  // One line an access: "io out 0x3f8 1: 48" and, where no device answers, "(no device)".
  Bus::Trace io_trace();
  // One line an interrupt: CPU, vector, the instruction that it came before, and the machine's time: "irq cpu 0: 0x20
  // at 0x100234, 81735 ns".
  InterruptTrace irq_trace();
  // One line a packet: "rsp in  m100000,8" from the debugger, "rsp out 55" to it. Bytes that are not printable ASCII
  // are written \xNN, and of a long packet the beginning and the size.
  gdbstub::PacketTrace rsp_trace();

 private:
  const std::string path_;  // empty: standard error
  Fd fd_;                   // none where it is standard error
  std::mutex mutex_;
  bool broken_ = false;
};

}  // namespace gdbvm
