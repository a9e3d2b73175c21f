// A serial port on a pseudo-terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/console/console_rig.h"

namespace gdbvm {
namespace {

TEST_F(ConsoleTest, APtyIsRawAndKnowsWhoIsThere) {
  Console& console = open(serial_endpoint::Pty{});
  ASSERT_THAT(console.address(), testing::StartsWith("/dev/pts/"));
  console.write(bytes("banner\n"));
  std::string typed;
  for (int round = 0; round < 100; ++round) {
    const int terminal = ::open(console.address().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(terminal, 0);
    if (round == 0) {
      EXPECT_EQ(read_exactly(terminal, 7), "banner\n");  // no \r: raw
    }
    ASSERT_EQ(::write(terminal, "in\n", 3), 3);
    typed += "in\n";
    ASSERT_EQ(received_.wait_for(typed.size()), typed);  // no echo of the banner
    console.write(bytes("out\n"));
    EXPECT_EQ(read_exactly(terminal, 4), "out\n");
    ::close(terminal);
  }
}

}  // namespace
}  // namespace gdbvm
