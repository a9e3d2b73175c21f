// Trace lines: the format of accesses and packets, and what happens when the file can no longer be written.
#include "vmm/app/trace_file.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace gdbvm {
namespace {

class TraceFileTest : public testing::Test {
 protected:
  TraceFileTest() {
    std::string name = testing::TempDir() + "gdbvm-trace-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~TraceFileTest() override { std::filesystem::remove_all(directory_); }
  std::string path() const { return directory_ / "trace"; }
  std::string written() const {
    std::ostringstream text;
    text << std::ifstream(path()).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path directory_;
};

TEST_F(TraceFileTest, ALineIsInTheFileAtOnce) {
  std::ofstream(path()) << "an older trace";
  TraceFile trace(path());
  trace.write("one");
  trace.write("two");
  EXPECT_EQ(written(), "one\ntwo\n");
}

TEST_F(TraceFileTest, PortAccesses) {
  TraceFile trace(path());
  const Bus::Trace access = trace.io_trace();
  const std::array<std::uint8_t, 2> bytes{0x48, 0x0a};
  access({PortAccess::Direction::Out, 0x3f8, 1, bytes, true});
  access({PortAccess::Direction::In, 0x80, 2, bytes, false});
  EXPECT_EQ(written(), "io out 0x03f8 1: 48 0a\nio in  0x0080 2: 48 0a (no device)\n");
}

TEST_F(TraceFileTest, Interrupts) {
  TraceFile trace(path());
  const InterruptTrace taken = trace.irq_trace();
  taken({.cpu = {1}, .vector = 0x20, .rip = 0x100234, .time = std::chrono::nanoseconds(81735)});
  EXPECT_EQ(written(), "irq cpu 1: 0x20 at 0x100234, 81735 ns\n");
}

TEST_F(TraceFileTest, Packets) {
  using gdbstub::PacketDirection;
  TraceFile trace(path());
  const auto packet = trace.rsp_trace();
  packet(PacketDirection::FromClient, "m100000,8");
  packet(PacketDirection::ToClient, std::string_view("a\0\\\x7f", 4));
  EXPECT_EQ(written(), "rsp in  m100000,8\nrsp out a\\x00\\x5c\\x7f\n");
}

TEST_F(TraceFileTest, OfALongPacketTheBeginningAndTheSize) {
  TraceFile trace(path());
  trace.rsp_trace()(gdbstub::PacketDirection::ToClient, std::string(5000, 'x'));
  EXPECT_EQ(written(), "rsp out " + std::string(256, 'x') + "... (5000 bytes)\n");
}

TEST_F(TraceFileTest, AFileThatCannotBeMade) {
  EXPECT_THROW(TraceFile(path() + "/below/a/file/that/is/not"), std::system_error);
}

TEST_F(TraceFileTest, AFullFileIsToldOfOnce) {
  testing::internal::CaptureStderr();
  TraceFile trace("/dev/full");
  trace.write("one");
  trace.write("two");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "gdbvm: the trace in /dev/full ends here: No space left on device\n");
}

TEST_F(TraceFileTest, WithoutAPathLinesGoToStandardError) {
  testing::internal::CaptureStderr();
  TraceFile("").write("one");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "one\n");
}

}  // namespace
}  // namespace gdbvm
