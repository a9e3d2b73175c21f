// The host's timer: calls once, can be set again and cancelled, and ends with its owner.
#include "vmm/devices/host_timer.h"

#include <semaphore>

#include <gtest/gtest.h>

namespace gdbvm {
namespace {

using namespace std::chrono_literals;

TEST(HostTimer, CallsWhenTheTimeHasPassed) {
  std::counting_semaphore<> calls{0};
  {
    HostTimer timer("test", [&] { calls.release(); });
    timer.set(0ns);
    calls.acquire();
    timer.set(1us);
    calls.acquire();
  }
  EXPECT_FALSE(calls.try_acquire());
}

TEST(HostTimer, TheLastDelaySetCounts) {
  std::counting_semaphore<> calls{0};
  {
    HostTimer timer("test", [&] { calls.release(); });
    timer.set(24h);
    timer.set(1ns);
    calls.acquire();
    timer.set(24h);
  }
  EXPECT_FALSE(calls.try_acquire());
}

TEST(HostTimer, MayBeSetFromItsCall) {
  std::counting_semaphore<> calls{0};
  Timer* self = nullptr;
  HostTimer timer("test", [&] {
    calls.release();
    self->set(1ns);
  });
  self = &timer;
  timer.set(1ns);
  for (int i = 0; i < 3; ++i) calls.acquire();
}

}  // namespace
}  // namespace gdbvm
