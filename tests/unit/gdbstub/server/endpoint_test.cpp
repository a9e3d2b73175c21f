// How users write addresses to listen on.
#include "gdbstub/server/endpoint.h"

#include <gtest/gtest.h>

namespace gdbstub {
namespace {

Endpoint parsed(std::string_view text) { return parse_endpoint(text).value(); }

TEST(Endpoint, Spellings) {
  EXPECT_EQ(parsed(":1234"), Endpoint(TcpEndpoint{"127.0.0.1", 1234}));
  EXPECT_EQ(parsed("localhost:1"), Endpoint(TcpEndpoint{"127.0.0.1", 1}));
  EXPECT_EQ(parsed("0.0.0.0:65535"), Endpoint(TcpEndpoint{"0.0.0.0", 65535}));
  EXPECT_EQ(parsed("[::1]:0"), Endpoint(TcpEndpoint{"::1", 0}));
  EXPECT_EQ(parsed("unix:/a:b"), Endpoint(UnixEndpoint{"/a:b"}));
  EXPECT_EQ(parsed("stdio"), Endpoint(StdioEndpoint{}));
}

TEST(Endpoint, WhatCannotBeRead) {
  for (const char* text : {"", "1234", "host", "h:", "h:x", "h:65536", "h:-1", "h:1x", "unix:"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

}  // namespace
}  // namespace gdbstub
