// The bytecode of the GDB manual's appendix, operation by operation, and invalid expressions.
#include "gdbstub/agent/expression.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/unit/gdbstub/agent/fake_hit.h"

namespace gdbstub {
namespace {

using Code = std::vector<std::uint8_t>;
constexpr std::uint8_t end = 0x27;

constexpr std::array<std::size_t, 3> sizes{8, 4, 16};

Result<std::uint64_t> run(const Code& code) {
  FakeHit hit;
  return evaluate(code, sizes, hit);
}
Code const64(std::uint64_t value) {
  Code code{0x25};
  for (int shift = 56; shift >= 0; shift -= 8) code.push_back(static_cast<std::uint8_t>(value >> shift));
  return code;
}
std::uint64_t binary(std::uint8_t op, std::uint64_t a, std::uint64_t b) {
  Code code = const64(a);
  const Code second = const64(b);
  code.insert(code.end(), second.begin(), second.end());
  code.insert(code.end(), {op, end});
  return run(code).value_or(0xdead);
}
constexpr std::uint64_t minus(std::uint64_t value) { return 0 - value; }
constexpr std::uint64_t lowest = std::uint64_t{1} << 63;

TEST(AgentExpression, ArithmeticIsThatOfTwosComplement) {
  EXPECT_EQ(binary(0x02, 5, 7), 12u);
  EXPECT_EQ(binary(0x02, ~0ull, 1), 0u);
  EXPECT_EQ(binary(0x03, 5, 7), minus(2));
  EXPECT_EQ(binary(0x04, lowest, 2), 0u);
  EXPECT_EQ(binary(0x05, minus(7), 2), minus(3));
  EXPECT_EQ(binary(0x06, minus(7), 2), (~0ull - 6) / 2);
  EXPECT_EQ(binary(0x07, minus(7), 2), minus(1));
  EXPECT_EQ(binary(0x08, 7, 4), 3u);
  EXPECT_EQ(binary(0x05, lowest, ~0ull), lowest);
  EXPECT_EQ(binary(0x07, lowest, ~0ull), 0u);
}

TEST(AgentExpression, AnyShiftCountAndAnyBitsCompute) {
  EXPECT_EQ(binary(0x09, 1, 63), lowest);
  EXPECT_EQ(binary(0x09, 1, 64), 0u);
  EXPECT_EQ(binary(0x0a, lowest, 63), ~0ull);
  EXPECT_EQ(binary(0x0a, lowest, 1000), ~0ull);
  EXPECT_EQ(binary(0x0b, lowest, 63), 1u);
  EXPECT_EQ(binary(0x0b, lowest, ~0ull), 0u);
  EXPECT_EQ(binary(0x0f, 6, 3), 2u);
  EXPECT_EQ(binary(0x10, 6, 3), 7u);
  EXPECT_EQ(binary(0x11, 6, 3), 5u);
  EXPECT_EQ(run({0x22, 0, 0x12, end}), ~0ull);
  EXPECT_EQ(run({0x22, 5, 0x0e, end}), 0u);
  EXPECT_EQ(run({0x22, 0, 0x0e, end}), 1u);
}

TEST(AgentExpression, ComparisonsAreSignedOrNot) {
  EXPECT_EQ(binary(0x13, 4, 4), 1u);
  EXPECT_EQ(binary(0x14, minus(1), 1), 1u);
  EXPECT_EQ(binary(0x15, minus(1), 1), 0u);
  EXPECT_EQ(binary(0x15, 1, 2), 1u);
}

TEST(AgentExpression, ConstantsOfEverySizeAreExtended) {
  EXPECT_EQ(run({0x22, 0xff, end}), 0xffu);
  EXPECT_EQ(run({0x23, 1, 2, end}), 0x102u);
  EXPECT_EQ(run({0x24, 1, 2, 3, 4, end}), 0x1020304u);
  EXPECT_EQ(run({0x22, 0xff, 0x16, 8, end}), ~0ull);
  EXPECT_EQ(run({0x22, 0x7f, 0x16, 8, end}), 0x7fu);
  EXPECT_EQ(run({0x22, 0xff, 0x16, 64, end}), 0xffu);
  EXPECT_EQ(run({0x23, 1, 2, 0x2a, 8, end}), 2u);
  EXPECT_FALSE(run({0x22, 0xff, 0x16, 0, end}));
}

TEST(AgentExpression, MemoryAndRegistersAreRead) {
  EXPECT_EQ(run({0x23, 0x10, 5, 0x17, end}), 5u);
  EXPECT_EQ(run({0x23, 0x10, 5, 0x18, end}), 0x605u);
  EXPECT_EQ(run({0x23, 0x10, 5, 0x19, end}), 0x8070605u);
  EXPECT_EQ(run({0x23, 0x10, 5, 0x1a, end}), 0xc0b0a0908070605u);
  EXPECT_EQ(run({0x26, 0, 0, end}), 0xf7f6f5f4f3f2f1f0u);
  EXPECT_EQ(run({0x26, 0, 1, end}), 0xe3e2e1e0u);
  EXPECT_EQ(run({0x26, 0, 2, end}), 0xd7d6d5d4d3d2d1d0u);
  EXPECT_FALSE(run({0x26, 0, 3, end}));
  EXPECT_FALSE(run({0x22, 1, 0x17, end}));
}

TEST(AgentExpression, StackOperationsMoveValues) {
  EXPECT_EQ(run({0x22, 1, 0x22, 2, 0x29, end}), 1u);
  EXPECT_EQ(run({0x22, 1, 0x22, 2, 0x2b, end}), 1u);
  EXPECT_EQ(run({0x22, 3, 0x28, 0x02, end}), 6u);
  EXPECT_EQ(run({0x22, 1, 0x22, 2, 0x22, 3, 0x32, 2, end}), 1u);
  // a b c -> c a b
  EXPECT_EQ(run({0x22, 1, 0x22, 2, 0x22, 3, 0x33, end}), 2u);
  EXPECT_EQ(run({0x22, 1, 0x22, 2, 0x22, 3, 0x33, 0x29, end}), 1u);
  EXPECT_EQ(run({0x22, 1, 0x22, 2, 0x22, 3, 0x33, 0x29, 0x29, end}), 3u);
  EXPECT_EQ(run({end}), 0u);
}

TEST(AgentExpression, JumpsGoToAnOffset) {
  EXPECT_EQ(run({0x22, 1, 0x20, 0, 8, 0x22, 7, end, 0x22, 9, end}), 9u);
  EXPECT_EQ(run({0x22, 0, 0x20, 0, 8, 0x22, 7, end, 0x22, 9, end}), 7u);
  EXPECT_EQ(run({0x21, 0, 5, 0x22, 7, 0x22, 9, end}), 9u);
}

TEST(AgentExpression, TraceInstructionsOnlyTakeTheirOperands) {
  EXPECT_EQ(run({0x22, 5, 0x22, 1, 0x22, 2, 0x0c, end}), 5u);
  EXPECT_EQ(run({0x22, 5, 0x22, 1, 0x22, 2, 0x2f, end}), 5u);
  EXPECT_EQ(run({0x22, 5, 0x0d, 4, end}), 5u);
  EXPECT_EQ(run({0x22, 5, 0x30, 0, 4, end}), 5u);
}

TEST(AgentExpression, InvalidExpressionsFail) {
  const std::vector<Code> bad{{},
                              {0x02, end},
                              {0x22, 1, 0x02, end},
                              {0x29, end},
                              {0x32, 0, end},
                              {0x22, 1, 0x32, 1, end},
                              {0x22},
                              {0x25, 1, 2, 3},
                              {0x21, 0xff, 0xff},
                              {0x21, 0, 0},  // forever
                              {0x28, end},
                              {0x22, 1, 0x28, 0x21, 0, 2},  // grows forever
                              {0x22, 1, 0x22, 0, 0x05, end},
                              {0x22, 1, 0x22, 0, 0x06, end},
                              {0x22, 1, 0x22, 0, 0x07, end},
                              {0x22, 1, 0x22, 0, 0x08, end},
                              {0x01, end},
                              {0x22, 1, 0x22, 1, 0x1b, end},
                              {0x22, 1, 0x22, 1, 0x2c, 0, 0, end},
                              {0x22, 1, 0x22, 1, 0x2d, 0, 0, end},
                              {0x22, 1, 0x22, 1, 0x31, end},
                              {0x22, 1, 0x22, 1, 0xff, end}};
  for (std::size_t i = 0; i < bad.size(); ++i) EXPECT_FALSE(run(bad[i])) << i;
}

}  // namespace
}  // namespace gdbstub
