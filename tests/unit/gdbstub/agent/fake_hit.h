// Registers and memory as an agent expression finds them at a hit.
#pragma once

#include <array>
#include <string>

#include "gdbstub/hit_action.h"

namespace gdbstub {

// Register 0 has 8 bytes, 1 has 4, 2 has 16; memory is 256 bytes at 0x1000 with their own index as value.
class FakeHit final : public HitContext {
 public:
  Result<> read_register(RegisterNumber number, MutableBytes out) override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(0xf0 - 16 * number.value + i);
    return {};
  }
  Result<> read_memory(Address address, MutableBytes out) override {
    if (address.value < 0x1000 || address.value + out.size() > 0x1100) return fail("no memory");
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = memory[address.value - 0x1000 + i];
    return {};
  }
  Result<> write_memory(Address, Bytes) override { return {}; }
  void print(std::string_view text) override { printed += text; }

  std::string printed;
  std::array<std::uint8_t, 256> memory = [] {
    std::array<std::uint8_t, 256> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
    return all;
  }();
};

}  // namespace gdbstub
