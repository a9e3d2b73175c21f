// A SerialSink that keeps what it gets, and how it was split.
#pragma once

#include <string>
#include <vector>

#include "vmm/devices/serial_sink.h"

namespace gdbvm {

struct RecordingSink final : SerialSink {
  void write(std::span<const std::uint8_t> bytes) override { writes.emplace_back(bytes.begin(), bytes.end()); }
  std::vector<std::string> writes;
};

}  // namespace gdbvm
