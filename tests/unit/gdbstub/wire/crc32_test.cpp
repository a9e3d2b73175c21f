// The checksum of compare-sections.
#include "gdbstub/wire/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace gdbstub {
namespace {

std::uint32_t bit_by_bit(std::uint32_t crc, Bytes bytes) {
  for (const std::uint8_t byte : bytes) {
    crc ^= std::uint32_t{byte} << 24;
    for (int i = 0; i < 8; ++i) crc = (crc << 1) ^ ((crc >> 31) != 0 ? 0x04c11db7u : 0u);
  }
  return crc;
}

TEST(Crc32, KnownValue) {
  const std::string text = "123456789";
  EXPECT_EQ(crc32_update(crc32_start, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}), 0x0376e6e7u);
}

TEST(Crc32, EqualsTheDefinitionAtEveryLengthAndInPieces) {
  std::array<std::uint8_t, 40> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + 11);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const Bytes whole = Bytes(bytes).first(length);
    EXPECT_EQ(crc32_update(crc32_start, whole), bit_by_bit(crc32_start, whole));
    const std::uint32_t half = crc32_update(crc32_start, whole.first(length / 3));
    EXPECT_EQ(crc32_update(half, whole.subspan(length / 3)), bit_by_bit(crc32_start, whole));
  }
}

}  // namespace
}  // namespace gdbstub
