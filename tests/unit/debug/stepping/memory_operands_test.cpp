// The memory that an instruction accesses, computed from its bytes and the registers before it.
#include "vmm/debug/stepping/memory_operands.h"

#include <vector>

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

x86::SystemRegisters long_mode() {
  x86::SystemRegisters s;
  s.cr0 = x86::cr0::pe | x86::cr0::pg;
  s.efer = x86::efer::lma;
  s.cs.l = 1;
  s.fs.base = 0x100000;
  return s;
}

std::vector<MemoryAccess> of(std::vector<std::uint8_t> bytes, x86::GeneralRegisters g,
                             const x86::SystemRegisters& s = long_mode()) {
  return memory_operands(bytes, g, s);
}

TEST(MemoryOperands, OfAStore) {
  const auto found = of({0x89, 0x43, 0x10}, {.rbx = 0x5000});  // mov [rbx + 0x10], eax
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x5010u);
  EXPECT_EQ(found[0].size, 4u);
  EXPECT_TRUE(found[0].written);
  EXPECT_FALSE(found[0].read);
}

TEST(MemoryOperands, OfAReadModifyWrite) {
  const auto found = of({0x48, 0x0f, 0xc1, 0x03}, {.rbx = 0x5000});  // xadd [rbx], rax
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].size, 8u);
  EXPECT_TRUE(found[0].written && found[0].read);
}

TEST(MemoryOperands, PushWritesBelowTheStackPointer) {
  const auto found = of({0x50}, {.rsp = 0x9000});  // push rax
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x8ff8u);
  EXPECT_TRUE(found[0].written);
}

TEST(MemoryOperands, CallWritesItsReturnAddress) {
  const auto found = of({0xe8, 0, 0, 0, 0}, {.rsp = 0x9000});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x8ff8u);
  EXPECT_TRUE(found[0].written);
}

TEST(MemoryOperands, PopReadsAtTheStackPointer) {
  const auto found = of({0x58}, {.rsp = 0x9000});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x9000u);
  EXPECT_TRUE(found[0].read);
}

TEST(MemoryOperands, RepMovsCoversAllItsIterations) {
  const auto found = of({0xf3, 0xa4}, {.rcx = 0x20, .rsi = 0x1000, .rdi = 0x2000});
  ASSERT_EQ(found.size(), 2u);
  for (const auto& access : found) {
    EXPECT_EQ(access.size, 0x20u);
    EXPECT_EQ(access.address.value, access.written ? 0x2000u : 0x1000u);
  }
}

TEST(MemoryOperands, ABackwardRepEndsAtItsFirstElement) {
  const auto found = of({0xf3, 0xab}, {.rcx = 4, .rdi = 0x2000, .rflags = x86::rflags::df});  // rep stosd
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x2000u - 12);
  EXPECT_EQ(found[0].size, 16u);
}

TEST(MemoryOperands, UseTheSegmentBase) {
  const auto found = of({0x64, 0x8b, 0x03}, {.rbx = 8});  // mov eax, fs:[rbx]
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x100008u);
}

TEST(MemoryOperands, RealModeAddsItsSegments) {
  x86::SystemRegisters s;
  s.ds.base = 0x7000;
  const auto found = of({0x88, 0x07}, {.rbx = 0x10}, s);  // mov [bx], al
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].address.value, 0x7010u);
}

TEST(MemoryOperands, LeaTouchesNothing) { EXPECT_TRUE(of({0x48, 0x8d, 0x03}, {}).empty()); }

TEST(MemoryOperands, GarbageTouchesNothing) { EXPECT_TRUE(of({0x0f}, {}).empty()); }

TEST(MemoryOperands, OfARepeatedInstructionAfterSomeIterations) {
  const std::vector<std::uint8_t> rep_movsd{0xf3, 0xa5};
  const x86::GeneralRegisters before{.rcx = 10, .rsi = 0x1000, .rdi = 0x2000}, after{.rcx = 7};
  const auto all = memory_operands(rep_movsd, before, long_mode());
  const auto made = memory_operands(rep_movsd, before, long_mode(), &after);
  ASSERT_EQ(all.size(), 2u);
  ASSERT_EQ(made.size(), 2u);
  EXPECT_EQ(all[0].size, 40u);
  EXPECT_EQ(made[0].size, 12u);
  EXPECT_EQ(made[0].element, 4u);
  EXPECT_TRUE(memory_operands(rep_movsd, before, long_mode(), &before).empty());
}

}  // namespace
}  // namespace gdbvm
