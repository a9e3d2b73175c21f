// Descriptors, decoded as a CPU would.
#include "vmm/x86/segments.h"

#include <gtest/gtest.h>

namespace gdbvm::x86 {
namespace {

TEST(Segments, DescriptorsAreTheWellKnownOnes) {
  EXPECT_EQ(encode_descriptor(flat_code64()), 0x00af9b000000ffffu);
  EXPECT_EQ(encode_descriptor(flat_code32()), 0x00cf9b000000ffffu);
  EXPECT_EQ(encode_descriptor(flat_data()), 0x00cf93000000ffffu);
}

TEST(Segments, BaseAndByteLimitArriveWhole) {
  const Segment task = task_register(0x20, 0x1234567890abcdef);
  const std::uint64_t low = encode_descriptor(task);
  EXPECT_EQ((low >> 16 & 0xffffff) | (low >> 56) << 24, 0x90abcdefu);
  EXPECT_EQ(encode_descriptor_high(task), 0x12345678u);
  EXPECT_EQ((low & 0xffff) | (low >> 48 & 0xf) << 16, layout::tss_limit);
  EXPECT_EQ(low >> 40 & 0xff, 0x8bu);  // present, busy TSS
}

TEST(Segments, BootGdtHasCodeAndDataWhereLinuxWantsThem) {
  const auto gdt = boot_gdt({flat_code32(layout::first_selector), flat_code64(), flat_data()}, task_register());
  EXPECT_EQ(gdt[0], 0u);
  EXPECT_EQ(gdt[0x10 / 8], encode_descriptor(flat_code64()));
  EXPECT_EQ(gdt[0x18 / 8], encode_descriptor(flat_data()));
}

TEST(Segments, RealModeBaseFollowsTheSelector) {
  EXPECT_EQ(real_mode_segment(0xf000).base, 0xf0000u);
  EXPECT_EQ(real_mode_segment(0xf000).limit, 0xffffu);
}

}  // namespace
}  // namespace gdbvm::x86
