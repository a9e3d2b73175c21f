// Debug registers requested one by one.
#include "vmm/hypervisor/guest_debug.h"

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

TEST(GuestDebug, AStopTakesARegisterForItself) {
  GuestDebug debug;
  debug.watch(3, {0x2000, 8, x86::DebugKind::Access});
  debug.stop_at(0, {0x1000});
  EXPECT_EQ(debug.dr7, 0xb0000082u);
  debug.stop_at(3, {0x3001});
  EXPECT_TRUE(debug.use_debug_registers);
  EXPECT_EQ(debug.address, (std::array<std::uint64_t, 4>{0x1000, 0, 0, 0x3001}));
  EXPECT_EQ(debug.dr7, 0x82u);
}

// The guest's own registers may be in force, enabled locally.
TEST(GuestDebug, AStopLeavesTheOtherRegistersAsTheyAre) {
  GuestDebug debug{.address = {0x10, 0x20, 0x30, 0x40}, .dr7 = 0xffff07ff};
  debug.stop_at(1, {0x1000});
  EXPECT_EQ(debug.dr7, 0xff0f07fbu);
  EXPECT_EQ(debug.address[0], 0x10u);
}

}  // namespace
}  // namespace gdbvm
