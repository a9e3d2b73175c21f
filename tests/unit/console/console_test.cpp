// The host side of the serial port put together: no end at all, and the close.
#include "vmm/console/console.h"

#include <gtest/gtest.h>

#include "tests/unit/console/console_rig.h"

namespace gdbvm {
namespace {

TEST_F(ConsoleTest, NoneTakesEverything) {
  Console& console = open(serial_endpoint::None{});
  console.write(bytes("lost"));
  EXPECT_EQ(console.address(), "");
}

TEST_F(ConsoleTest, CloseFlushesWithoutTheContext) {
  // write() does not wait for room.
  console_ = std::make_unique<Console>(context_, serial_endpoint::UnixSocket{path("s")}, [] { return true; });
  const int client = connect_client();
  console_->start_input([](std::span<const std::uint8_t>) { return true; });
  context_.poll();  // accepts
  const std::string sent = pattern(2'000'000);
  console_->write(bytes(sent));
  auto all = std::async(std::launch::async, [&] { return read_exactly(client, sent.size()); });
  console_->close();
  EXPECT_TRUE(all.get() == sent);
  console_->close();
  console_->write(bytes("too late"));
  ::close(client);
}

TEST_F(ConsoleTest, CloseGivesUpOnAReaderThatIsStuck) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")}, [] { return true; });
  const int client = connect_client();
  console.write(bytes("x"));
  EXPECT_EQ(read_exactly(client, 1), "x");
  console.write(bytes(std::string(1'000'000, 'y')));
  stop();
  ::close(client);
}

}  // namespace
}  // namespace gdbvm
