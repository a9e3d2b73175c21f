// How users write the serial port's other end.
#include "vmm/console/serial_endpoint.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using namespace serial_endpoint;

TEST(SerialEndpoint, EverySpelling) {
  EXPECT_EQ(parse_serial_endpoint("stdio"), SerialEndpoint(Stdio{}));
  EXPECT_EQ(parse_serial_endpoint("stderr"), SerialEndpoint(Stderr{}));
  EXPECT_EQ(parse_serial_endpoint("none"), SerialEndpoint(None{}));
  EXPECT_EQ(parse_serial_endpoint("pty"), SerialEndpoint(Pty{}));
  EXPECT_EQ(parse_serial_endpoint("file:/tmp/a:b"), SerialEndpoint(File{"/tmp/a:b"}));
  EXPECT_EQ(parse_serial_endpoint("unix:s"), SerialEndpoint(UnixSocket{"s"}));
  EXPECT_EQ(parse_serial_endpoint("tcp:::1:5"), SerialEndpoint(TcpSocket{"::1", 5}));
  EXPECT_EQ(parse_serial_endpoint("tcp::5"), SerialEndpoint(TcpSocket{"127.0.0.1", 5}));
}

TEST(SerialEndpoint, EverythingElseIsRefused) {
  for (const char* text : {"", "file:", "unix:", "STDIO", "stdio ", "tcp:1", "tcp:", "tcp:stdio", "tcp:unix:s",
                           "tcp:h:99999", "carrier-pigeon"}) {
    EXPECT_FALSE(parse_serial_endpoint(text)) << text;
  }
}

}  // namespace
}  // namespace gdbvm
