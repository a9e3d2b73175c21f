// A plan's bytes arrive in memory.
#include "vmm/boot/install.h"

#include <gtest/gtest.h>

namespace gdbvm::boot {
namespace {

TEST(Install, WritesEveryPlacement) {
  GuestMemory memory(1 << 20);
  BootPlan plan;
  plan.placements = {{Gpa{0x1000}, {1, 2, 3}}, {Gpa{0xffffe}, {4, 5}}};
  install(plan, memory);
  std::uint8_t bytes[3];
  EXPECT_EQ(memory.read(Gpa{0x1000}, bytes), 3u);
  EXPECT_EQ(bytes[0] + bytes[1] * 10 + bytes[2] * 100, 321);
  EXPECT_EQ(memory.read(Gpa{0xffffe}, std::span(bytes).first(2)), 2u);
  EXPECT_EQ(bytes[1], 5);
}

TEST(Install, APlanForALargerMachineIsABug) {
  GuestMemory memory(1 << 20);
  BootPlan plan;
  plan.placements = {{Gpa{0xfffff}, {1, 2}}};
  EXPECT_THROW(install(plan, memory), std::logic_error);
}

}  // namespace
}  // namespace gdbvm::boot
