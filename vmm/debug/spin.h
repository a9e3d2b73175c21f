// Waiting for what another thread does within microseconds, without giving up the CPU: being woken costs more.
#pragma once

#include <chrono>
#include <thread>

namespace gdbvm {

// True as soon as done() is; false when it was not for the length of a wake-up or two, or where no other CPU could do
// it.
template <class Done>
bool spin_until(Done&& done) {
  constexpr std::chrono::microseconds patience{50};
  static const bool alone = std::thread::hardware_concurrency() < 2;
  if (alone) return done();
  const auto end = std::chrono::steady_clock::now() + patience;
  do {
    for (int i = 0; i < 32; ++i) {
      if (done()) return true;
      __builtin_ia32_pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return done();
}

}  // namespace gdbvm
