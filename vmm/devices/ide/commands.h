// The commands of disks and CD drives (ATA8-ACS, table 60).
#pragma once

#include <cstdint>

namespace gdbvm::ide {

enum Command : std::uint8_t {
  device_reset = 0x08,
  read_sectors = 0x20,
  read_sectors_once = 0x21,
  read_extended = 0x24,
  read_dma_extended = 0x25,
  read_native_extended = 0x27,
  read_multiple_extended = 0x29,
  write_sectors = 0x30,
  write_sectors_once = 0x31,
  write_extended = 0x34,
  write_dma_extended = 0x35,
  write_multiple_extended = 0x39,
  verify = 0x40,
  verify_once = 0x41,
  verify_extended = 0x42,
  diagnose = 0x90,
  set_geometry_command = 0x91,
  packet_command = 0xa0,
  identify_packet = 0xa1,
  read_multiple = 0xc4,
  write_multiple = 0xc5,
  set_multiple_command = 0xc6,
  read_dma = 0xc8,
  read_dma_once = 0xc9,
  write_dma = 0xca,
  write_dma_once = 0xcb,
  standby_now = 0xe0,
  idle_now = 0xe1,
  standby = 0xe2,
  idle_later = 0xe3,
  check_power = 0xe5,
  sleep_now = 0xe6,
  flush = 0xe7,
  flush_extended = 0xea,
  identify = 0xec,
  set_features_command = 0xef,
  read_native = 0xf8,
};

}  // namespace gdbvm::ide
