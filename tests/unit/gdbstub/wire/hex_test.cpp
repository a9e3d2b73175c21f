// Numbers and bytes in hex.
#include "gdbstub/wire/hex.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gdbstub {
namespace {

TEST(Hex, NumbersAreBounded) {
  EXPECT_EQ(parse_hex("0"), 0u);
  EXPECT_EQ(parse_hex("fFfFfFfFfFfFfFfF"), ~std::uint64_t{0});
  EXPECT_EQ(parse_hex("000000000000000001"), 1u);
  EXPECT_EQ(parse_hex("10000000000000000"), std::nullopt);
  EXPECT_EQ(parse_hex(""), std::nullopt);
  EXPECT_EQ(parse_hex("-1"), std::nullopt);
  EXPECT_EQ(parse_hex("0x1"), std::nullopt);
  EXPECT_EQ(parse_hex("1 "), std::nullopt);
}

TEST(Hex, EveryByteSurvivesTheRoundTrip) {
  std::vector<std::uint8_t> all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  std::string digits;
  append_hex(digits, Bytes(all));
  EXPECT_EQ(digits.substr(0, 8), "00010203");
  const auto back = decode_hex(digits);
  ASSERT_TRUE(back);
  EXPECT_TRUE(std::equal(back->begin(), back->end(), all.begin(), all.end()));
}

TEST(Hex, BadDigitsAreFoundWhereverTheyAre) {
  for (std::string digits : {"0", "000", "g0", "0g", "00g0", "000g", "  "}) {
    EXPECT_FALSE(decode_hex(digits)) << digits;
  }
  std::string none;
  EXPECT_TRUE(decode_hex(none));
}

TEST(Hex, ExpandsInPlaceFromTheUpperHalf) {
  std::string room = "____abcd";
  write_hex(room.data(), Bytes{reinterpret_cast<const std::uint8_t*>(room.data()) + 4, 4});
  EXPECT_EQ(room, "61626364");
}

}  // namespace
}  // namespace gdbstub
