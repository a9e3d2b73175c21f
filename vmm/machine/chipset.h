// What the machine's CPUs and devices stand on: its time, its interrupt lines and its buses.
#pragma once

#include <vector>

#include "vmm/devices/bus.h"
#include "vmm/devices/device_states.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/devices/versioned_disk.h"
#include "vmm/machine/clock.h"
#include "vmm/machine/interrupts.h"
#include "vmm/machine/timer_queue.h"

namespace gdbvm {

// Outlives the CPUs and the devices.
struct Chipset {
  // At most as many CPUs as there are APIC ids.
  explicit Chipset(unsigned cpus, Clock::HostClock host = std::chrono::steady_clock::now)
      : clock(std::move(host)), timers(clock), interrupts(cpus, clock) {
    states.add("clock", clock);  // first: devices set their timers by it
    states.add("interrupt controllers", interrupts);
  }
  Chipset(const Chipset&) = delete;
  Chipset& operator=(const Chipset&) = delete;

  Clock clock;
  TimerQueue timers;
  Interrupts interrupts;
  Bus bus;
  MemoryBus memory_bus;
  // Of all that the machine is made of, but for RAM and the disks. Who joins the machine adds its own.
  DeviceStates states;
  std::vector<VersionedDisk*> disks;  // in the guest's order; what they contain is no device's state
};

}  // namespace gdbvm
