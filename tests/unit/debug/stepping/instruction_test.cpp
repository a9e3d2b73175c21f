// Instructions that a single step must treat with care are recognised in every mode.
#include "vmm/debug/stepping/instruction.h"

#include <vector>

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using Kind = Instruction::Kind;
using x86::CpuMode;

struct Case {
  std::vector<std::uint8_t> bytes;
  CpuMode mode;
  Kind kind;
  unsigned length;
};

class InstructionTest : public testing::TestWithParam<Case> {};

TEST_P(InstructionTest, IsRecognised) {
  const Instruction found = decode(GetParam().bytes, GetParam().mode);
  EXPECT_EQ(found.kind, GetParam().kind);
  EXPECT_EQ(found.length, GetParam().length);
}

INSTANTIATE_TEST_SUITE_P(
    All, InstructionTest,
    testing::Values(
        Case{{0x90}, CpuMode::Long, Kind::Plain, 1}, Case{{0xf4}, CpuMode::Long, Kind::Halt, 1},
        Case{{0xf4}, CpuMode::Real, Kind::Halt, 1}, Case{{0x9c}, CpuMode::Long, Kind::PushFlags, 1},
        Case{{0x9c}, CpuMode::Protected32, Kind::PushFlags, 1}, Case{{0x9c}, CpuMode::Real, Kind::PushFlags, 1},
        Case{{0x0f, 0x05}, CpuMode::Long, Kind::Syscall, 2}, Case{{0xcc}, CpuMode::Long, Kind::Breakpoint, 1},
        Case{{0xcd, 0x80}, CpuMode::Long, Kind::Interrupt, 2}, Case{{0xce}, CpuMode::Protected32, Kind::Interrupt, 1},
        Case{{0x8e, 0xd0}, CpuMode::Long, Kind::Plain, 2}, Case{{0x17}, CpuMode::Real, Kind::Plain, 1},
        Case{{0x8e, 0xd8}, CpuMode::Real, Kind::Plain, 2}, Case{{0x48, 0xcf}, CpuMode::Long, Kind::InterruptReturn, 2},
        Case{{0xcf}, CpuMode::Protected16, Kind::InterruptReturn, 1},
        Case{{0x66, 0xb8, 1, 0, 0, 0}, CpuMode::Real, Kind::Plain, 6},
        Case{{0xb8, 1, 0, 0, 0}, CpuMode::Protected32, Kind::Plain, 5},
        Case{{0x0f}, CpuMode::Long, Kind::Undecodable, 0}));

TEST(Instruction, TellsTheVector) {
  const std::uint8_t int80[] = {0xcd, 0x80};
  EXPECT_EQ(decode(int80, CpuMode::Long).vector, 0x80);
}

}  // namespace
}  // namespace gdbvm
