// A serial port on a Unix socket, whose clients come and go.
#include <gtest/gtest.h>

#include "tests/unit/console/console_rig.h"

namespace gdbvm {
namespace {

TEST_F(ConsoleTest, ASocketCarriesBothWays) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  EXPECT_EQ(console.address(), "unix:" + path("s"));
  console.write(bytes("before anyone came, "));
  const int client = connect_client();
  console.write(bytes("and after"));
  EXPECT_EQ(read_exactly(client, 29), "before anyone came, and after");
  ASSERT_EQ(::write(client, "input", 5), 5);
  EXPECT_EQ(received_.wait_for(5), "input");
  ::close(client);
  stop();
  EXPECT_FALSE(std::filesystem::exists(path("s")));
}

TEST_F(ConsoleTest, ASecondClientWaitsForTheFirstToLeave) {
  Console& console = open(serial_endpoint::UnixSocket{path("s")});
  const int first = connect_client();
  console.write(bytes("1"));
  EXPECT_EQ(read_exactly(first, 1), "1");
  const int second = connect_client();
  ASSERT_EQ(::write(second, "b", 1), 1);
  ASSERT_EQ(::write(first, "a", 1), 1);
  EXPECT_EQ(received_.wait_for(1), "a");
  ::close(first);
  EXPECT_EQ(received_.wait_for(2), "ab");
  console.write(bytes("2"));
  EXPECT_EQ(read_exactly(second, 1), "2");
  ::close(second);
}

TEST_F(ConsoleTest, ASocketPathThatExistsIsLeftAlone) {
  std::ofstream(path("s")) << "mine";
  EXPECT_THROW(Console(context_, serial_endpoint::UnixSocket{path("s")}), std::system_error);
  EXPECT_TRUE(std::filesystem::exists(path("s")));
  EXPECT_THROW(Console(context_, serial_endpoint::UnixSocket{std::string(200, 'x')}), std::system_error);
}

}  // namespace
}  // namespace gdbvm
