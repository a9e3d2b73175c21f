// DR7 as in the manual, four slots, and ranges split to fit.
#include "vmm/x86/debug_registers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gdbvm::x86 {
namespace {

using ::testing::ElementsAre;
using enum DebugKind;

TEST(Dr7, EncodesKindLengthAndPlace) {
  EXPECT_EQ(dr7_bits(0, {0x1000, 1, Execute}), 0x2u);
  EXPECT_EQ(dr7_bits(0, {0x1000, 1, Write}), 0x10002u);
  EXPECT_EQ(dr7_bits(1, {0x1000, 2, Write}), 0x500008u);
  EXPECT_EQ(dr7_bits(2, {0x1000, 4, Access}), 0xf000020u);
  EXPECT_EQ(dr7_bits(3, {0x1000, 8, Write}), 0x90000080u);
}

TEST(Dr7, OnlyAlignedPowersOfTwoAreEncodable) {
  EXPECT_TRUE(is_encodable({0x1008, 8, Access}));
  EXPECT_FALSE(is_encodable({0x1004, 8, Access}));
  EXPECT_FALSE(is_encodable({0x1000, 3, Write}));
  EXPECT_FALSE(is_encodable({0x1000, 0, Write}));
  EXPECT_FALSE(is_encodable({0x1000, 16, Write}));
  EXPECT_FALSE(is_encodable({0x1000, 2, Execute}));
  EXPECT_TRUE(is_encodable({0x1001, 1, Execute}));
}

TEST(DebugRegisterFile, HandsOutFourAndSharesEqualOnes) {
  DebugRegisterFile file;
  EXPECT_EQ(file.dr7(), 0u);
  EXPECT_EQ(file.acquire({0x2001, 8, Write}), std::nullopt);
  for (unsigned n = 0; n < 3; ++n) EXPECT_EQ(file.acquire({0x1000 + n, 1, Execute}), n);
  EXPECT_EQ(file.free_count(), 1u);
  EXPECT_EQ(file.acquire({0x2000, 8, Write}), 3u);
  EXPECT_EQ(file.acquire({0x3000, 1, Execute}), std::nullopt);
  EXPECT_EQ(file.acquire({0x1002, 1, Execute}), 2u);
  EXPECT_EQ(file.free_count(), 0u);
  EXPECT_THAT(file.addresses(), ElementsAre(0x1000, 0x1001, 0x1002, 0x2000));
  EXPECT_EQ(file.dr7(), 0x90000000u | 0x700 | 0xaa);
}

TEST(Dr6, NamesTheRegistersHit) {
  EXPECT_TRUE(dr6::hit(0xffff0ff2, 1));
  EXPECT_FALSE(dr6::hit(0xffff0ff2, 0));
}

TEST(SplitWatch, CutsToAlignedPieces) {
  EXPECT_THAT(split_watch(0x1003, 6, Write).value(),
              ElementsAre(DebugWatch{0x1003, 1, Write}, DebugWatch{0x1004, 4, Write}, DebugWatch{0x1008, 1, Write}));
  EXPECT_THAT(split_watch(0x1000, 32, Access).value().size(), 4u);
  EXPECT_EQ(split_watch(0x1000, 33, Access), std::nullopt);
  EXPECT_EQ(split_watch(0x1000, ~std::uint64_t{0}, Access), std::nullopt);
  EXPECT_TRUE(split_watch(0x1000, 0, Access).value().empty());
}

TEST(SplitWatch, EndsWithTheAddressSpace) {
  EXPECT_THAT(split_watch(~std::uint64_t{0} - 1, 100, Write).value(),
              ElementsAre(DebugWatch{~std::uint64_t{0} - 1, 2, Write}));
}

TEST(SplitWatch, CoversEveryByteOnce) {
  for (std::uint64_t address = 0x1000; address < 0x1010; ++address) {
    for (std::uint64_t length = 1; length <= 24; ++length) {
      const auto pieces = split_watch(address, length, Write, 100).value();
      std::uint64_t at = address;
      for (const DebugWatch& piece : pieces) {
        EXPECT_TRUE(is_encodable(piece));
        EXPECT_EQ(piece.address, at);
        at += piece.length;
      }
      EXPECT_EQ(at, address + length);
    }
  }
}

}  // namespace
}  // namespace gdbvm::x86
