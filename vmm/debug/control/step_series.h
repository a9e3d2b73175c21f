// Whether the debugger's steps go round in a loop that waits for something from outside, as for an interrupt.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "vmm/x86/cpu_state.h"

namespace gdbvm {

// A CPU that comes back to the very registers it had before, by way of the same ones as in the round before, has made
// no progress. Steps hold interrupts off; once there have been many such rounds, one must be let in now and then. A
// counter in a register, or in memory if it is ever seen in a register, is progress.
class StepSeries final {
 public:
  // After each step. true: let interrupts in before the next one.
  bool waits(const x86::GeneralRegisters& now) {
    mix(now);
    if (now == anchor_) {
      steps_ = 0;
      rounds_ = mixed_ == last_round_ ? rounds_ + 1 : 0;
      last_round_ = std::exchange(mixed_, 0);
      return rounds_ >= patience;
    }
    if (++steps_ >= longest_round) {
      anchor_ = now;
      steps_ = rounds_ = 0;
      mixed_ = last_round_ = 0;
    }
    return false;
  }

 private:
  static constexpr unsigned longest_round = 256, patience = 100;

  void mix(const x86::GeneralRegisters& now) {
    constexpr std::uint64_t prime = 0x100000001b3;
    for (const std::uint64_t value :
         std::bit_cast<std::array<std::uint64_t, sizeof now / sizeof(std::uint64_t)>>(now)) {
      mixed_ = (mixed_ ^ value) * prime;
    }
  }

  x86::GeneralRegisters anchor_{};
  std::uint64_t mixed_ = 0, last_round_ = 0;  // all registers of this round, and of the one before
  unsigned steps_ = longest_round - 1;        // since the CPU last was as in anchor_; the first step sets that
  unsigned rounds_ = 0;
};

}  // namespace gdbvm
