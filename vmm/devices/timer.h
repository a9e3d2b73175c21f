// What a device asks to be called back by after some time.
#pragma once

#include <chrono>
#include <optional>

namespace gdbvm {

class Timer {
 public:
  virtual ~Timer() = default;
  // Calls the device once, on another thread, when that much time has passed; nullopt: not at all. Replaces what was
  // set before. From any thread; a call that is already under way is not taken back.
  virtual void set(std::optional<std::chrono::nanoseconds> delay) = 0;
};

}  // namespace gdbvm
