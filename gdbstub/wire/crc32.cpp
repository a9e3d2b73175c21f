// Eight bytes a round, each through a table of its own ("slicing by eight").
#include "gdbstub/wire/crc32.h"

#include <array>

namespace gdbstub {
namespace {

constexpr std::uint32_t polynomial = 0x04c11db7;

// table[k][b]: what byte b does to the checksum when k more bytes follow it.
constexpr auto table = [] {
  std::array<std::array<std::uint32_t, 256>, 8> all{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) * polynomial);
    all[0][i] = crc;
  }
  for (std::size_t k = 1; k < all.size(); ++k) {
    for (std::size_t i = 0; i < 256; ++i) all[k][i] = (all[k - 1][i] << 8) ^ all[0][all[k - 1][i] >> 24];
  }
  return all;
}();

std::uint32_t take_eight(std::uint32_t crc, const std::uint8_t* p) {
  return table[7][p[0] ^ (crc >> 24)] ^ table[6][p[1] ^ (crc >> 16 & 255)] ^ table[5][p[2] ^ (crc >> 8 & 255)] ^
         table[4][p[3] ^ (crc & 255)] ^ table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
}

}  // namespace

std::uint32_t crc32_update(std::uint32_t crc, Bytes bytes) {
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) crc = take_eight(crc, bytes.data());
  for (const std::uint8_t byte : bytes) crc = (crc << 8) ^ table[0][byte ^ (crc >> 24)];
  return crc;
}

}  // namespace gdbstub
