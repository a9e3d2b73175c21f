// The CRC-32 of qCRC (polynomial 0x04c11db7, most significant bit first, no final inversion).
#pragma once

#include <cstdint>

#include "gdbstub/types.h"

namespace gdbstub {

inline constexpr std::uint32_t crc32_start = 0xffffffff;
std::uint32_t crc32_update(std::uint32_t crc, Bytes bytes);

}  // namespace gdbstub
