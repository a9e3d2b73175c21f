// Reads that left the guest, in turn: KVM's own loops, and the guest's instructions.
#include "vmm/debug/stepping/read_loop.h"

#include <array>

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

struct Reads {
  bool repeats(std::uint64_t address, x86::GeneralRegisters now = {.rcx = 4, .rip = 0x1000}) {
    return loop.repeats(exits::Mmio{{address}, exits::Mmio::Direction::Read, bytes}, now);
  }
  std::array<std::uint8_t, 4> bytes{};
  ReadLoop loop;
};

TEST(ReadLoop, TheSameReadAThirdTimeIsKvmsOwn) {
  Reads reads;
  EXPECT_FALSE(reads.repeats(0x2000));
  EXPECT_FALSE(reads.repeats(0x2000));  // cmpsb of a byte with itself
  EXPECT_TRUE(reads.repeats(0x2000));
}

TEST(ReadLoop, TheNextInstructionAndTheNextIterationAreNot) {
  Reads reads;
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_FALSE(reads.repeats(0x2000, {.rcx = 4 - i, .rip = 0x1000}));
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_FALSE(reads.repeats(0x2000, {.rip = 0x1000 + 3 * i}));
}

TEST(ReadLoop, AnotherExitInBetweenBeginsAnew) {
  Reads reads;
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(reads.repeats(0x2000));
    EXPECT_FALSE(reads.repeats(0x2000));
    EXPECT_FALSE(reads.loop.repeats(exits::Halt{}, {}));
  }
}

}  // namespace
}  // namespace gdbvm
