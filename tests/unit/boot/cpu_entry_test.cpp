// The CPU's state at an entry: the descriptors that its selectors stand for.
#include "vmm/boot/cpu_entry.h"

#include <gtest/gtest.h>

#include "plan_reader.h"
#include "vmm/x86/segments.h"

namespace gdbvm::boot {
namespace {

constexpr std::uint64_t ram_size = 64 << 20;

BootPlan entered(Selectors selectors) {
  BootPlan plan;
  RamPlan ram(ram_size);
  EXPECT_TRUE(enter_protected_mode(plan, ram, Gpa{0x100000}, "k", selectors));
  return plan;
}
x86::Segment loaded(const BootPlan& plan, std::uint16_t selector) {
  return x86::decode_descriptor(PlanReader(plan).u64(plan.system.gdt.base + selector), selector);
}

TEST(CpuEntry, AKernelMadeForQemuFindsItsSelectors) {
  const BootPlan plan = entered(Selectors::AsQemu);
  EXPECT_EQ(plan.system.cs, x86::flat_code32(0x08));
  EXPECT_EQ(plan.system.ss, x86::flat_data(0x10));
  EXPECT_EQ(plan.system.ds, x86::flat_data(0x10));
  EXPECT_EQ(loaded(plan, 0x08), x86::flat_code32(0x08));
  EXPECT_EQ(loaded(plan, 0x10), x86::flat_data(0x10));
  EXPECT_EQ(loaded(plan, 0x18), x86::flat_data(0x18));
}

TEST(CpuEntry, AKernelMadeForGrubFindsItsSelectors) {
  const BootPlan plan = entered(Selectors::AsGrub);
  EXPECT_EQ(plan.system.cs, x86::flat_code32(0x10));
  EXPECT_EQ(plan.system.ss, x86::flat_data(0x18));
  EXPECT_EQ(loaded(plan, 0x08), x86::flat_code32(0x08));
  EXPECT_EQ(loaded(plan, 0x10), x86::flat_code32(0x10));
  EXPECT_EQ(loaded(plan, 0x18), x86::flat_data(0x18));
}

TEST(CpuEntry, LongModeHas32BitCodeToo) {
  BootPlan plan;
  RamPlan ram(ram_size);
  ASSERT_TRUE(enter_long_mode(plan, ram, Gva{0x100000}, ram_size, {}, "k"));
  EXPECT_EQ(loaded(plan, 0x08), x86::flat_code32(0x08));
  EXPECT_EQ(loaded(plan, 0x10), x86::flat_code64());
  EXPECT_EQ(loaded(plan, 0x18), x86::flat_data());
}

}  // namespace
}  // namespace gdbvm::boot
