// The debug console: what is written arrives in one piece.
#include "vmm/devices/debug_console.h"

#include <gtest/gtest.h>

#include "recording_sink.h"

namespace gdbvm {
namespace {

TEST(DebugConsole, WritesReachTheSink) {
  RecordingSink sink;
  DebugConsole console(sink);
  Bus bus;
  bus.attach(DebugConsole::firmware_port, 1, console);
  bus.attach(DebugConsole::bochs_port, 1, console);
  bus.write(0xe9, std::vector<std::uint8_t>{'a'});
  bus.write_string(0x402, 1, std::vector<std::uint8_t>{'b', 'c', 'd'});
  EXPECT_EQ(sink.writes, (std::vector<std::string>{"a", "bcd"}));
}

TEST(DebugConsole, CanBeProbed) {
  RecordingSink sink;
  DebugConsole console(sink);
  std::uint8_t value = 0;
  console.read(0, std::span(&value, 1));
  EXPECT_EQ(value, 0xe9);
}

}  // namespace
}  // namespace gdbvm
