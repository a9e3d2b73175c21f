// An emulator of three x86-64 instructions, which knows nothing about debuggers.
#pragma once

#include <cstdint>

struct Emulator {
  static constexpr unsigned rip = 16;
  std::uint8_t ram[64] = {0x48, 0xff, 0xc0, 0x90, 0xeb, 0xfa};  // inc %rax; nop; jmp back
  std::uint64_t registers[17] = {};                             // in gdb's order: rax, rbx, ..., r15, rip

  // Executes one instruction; false if it does not know it.
  bool step() {
    std::uint64_t& pc = registers[rip];
    if (pc >= sizeof ram - 2) return false;
    if (ram[pc] == 0x48) return ++registers[0], pc += 3, true;
    if (ram[pc] == 0x90) return ++pc, true;
    if (ram[pc] == 0xeb) return pc += 2 + static_cast<std::int8_t>(ram[pc + 1]), true;
    return false;
  }
};
