// The self-test's port: it reads back, and is restored.
#include "vmm/devices/post_port.h"

#include <gtest/gtest.h>

#include "tests/unit/devices/saved_state.h"

namespace gdbvm {
namespace {

TEST(PostPort, ReadsTheLastCode) {
  PostPort port;
  const auto read = [&] {
    std::uint8_t value = 0xff;
    port.read(0, std::span(&value, 1));
    return value;
  };
  EXPECT_EQ(read(), 0);
  const std::uint8_t code = 0x5a;
  port.write(0, std::span(&code, 1));
  EXPECT_EQ(read(), 0x5a);
  const StateBytes state = saved(port);
  port.reset();
  EXPECT_EQ(read(), 0);
  expect_truncated_is_refused(port, state);
  restore(port, state);
  EXPECT_EQ(read(), 0x5a);
}

}  // namespace
}  // namespace gdbvm
