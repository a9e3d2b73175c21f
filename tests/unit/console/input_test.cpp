// Input, no faster than the guest takes it.
#include "vmm/console/input.h"

#include <gtest/gtest.h>

#include <poll.h>

#include "tests/unit/console/console_rig.h"

namespace gdbvm {
namespace {

TEST_F(StdioTest, InputPausesUntilTheGuestWantsMore) {
  Console& console = open_stdio(in_[0], out_[1]);
  std::promise<void> paused;
  Received second;
  on_context([&] {
    console.start_input([&, first = true](std::span<const std::uint8_t> of) mutable {
      if (!std::exchange(first, false)) return second.take(of);
      paused.set_value();
      return false;
    });
  });
  ASSERT_EQ(::write(in_[1], "a", 1), 1);
  paused.get_future().get();
  ASSERT_EQ(::write(in_[1], "b", 1), 1);
  for (int i = 0; i < 10; ++i) on_context([] {});  // the context looks at its descriptors in between
  pollfd readable{.fd = in_[0], .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&readable, 1, 0), 1);  // still in the pipe
  console.resume_input();
  EXPECT_EQ(second.wait_for(1), "b");
}

}  // namespace
}  // namespace gdbvm
