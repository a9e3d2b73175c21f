// What the machine's CPUs and devices stand on: its time, its interrupt lines and its buses.
#pragma once

#include "vmm/devices/bus.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/machine/clock.h"
#include "vmm/machine/interrupts.h"
#include "vmm/machine/timer_queue.h"

namespace gdbvm {

// Outlives the CPUs and the devices.
struct Chipset {
  // At most as many CPUs as there are APIC ids.
  explicit Chipset(unsigned cpus, Clock::HostClock host = std::chrono::steady_clock::now)
      : clock(std::move(host)), timers(clock), interrupts(cpus, clock) {}
  Chipset(const Chipset&) = delete;
  Chipset& operator=(const Chipset&) = delete;

  Clock clock;
  TimerQueue timers;
  Interrupts interrupts;
  Bus bus;
  MemoryBus memory_bus;
};

}  // namespace gdbvm
