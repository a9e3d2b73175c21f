// A serial port on a socket, whose clients come and go.
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>

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

TEST_F(ConsoleTest, ATcpSocketCarriesBothWays) {
  Console& console = open(serial_endpoint::TcpSocket{"127.0.0.1", 0});
  const std::string address = console.address(), prefix = "tcp:127.0.0.1:";
  ASSERT_TRUE(address.starts_with(prefix)) << address;
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(prefix.size()))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  console.write(bytes("output"));
  EXPECT_EQ(read_exactly(client, 6), "output");
  ASSERT_EQ(::write(client, "input", 5), 5);
  EXPECT_EQ(received_.wait_for(5), "input");
  ::close(client);
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
