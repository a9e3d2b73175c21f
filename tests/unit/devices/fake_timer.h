// A timer that remembers what it was last set to, and is never due.
#pragma once

#include <chrono>
#include <optional>

#include "vmm/devices/timer.h"

namespace gdbvm {

struct FakeTimer final : Timer {
  void set(std::optional<std::chrono::nanoseconds> wanted) override { delay = wanted; }
  std::optional<std::chrono::nanoseconds> delay;
};

}  // namespace gdbvm
