// What the machine's CPUs and devices stand on: its time, its interrupts and its buses.
#pragma once

#include <vector>

#include "vmm/devices/bus.h"
#include "vmm/devices/device_states.h"
#include "vmm/devices/interval_timer.h"
#include "vmm/devices/memory_bus.h"
#include "vmm/devices/versioned_disk.h"
#include "vmm/machine/clock.h"
#include "vmm/machine/interrupts.h"
#include "vmm/machine/timer_queue.h"

namespace gdbvm {

class I8042;
class LinearDisplay;
class Serial16550;
class Vga;

// Outlives the CPUs and the devices.
struct Chipset {
  // At most as many CPUs as there are APIC ids.
  explicit Chipset(unsigned cpus, Clock::HostClock host = std::chrono::steady_clock::now)
      : clock(std::move(host)), timers(clock), interrupts(cpus, clock) {
    states.add("clock", clock);  // first: devices set their timers by it
    states.add("interrupt controllers", interrupts);
    states.add("interval timer", interval_timer);
    bus.attach(IntervalTimer::port, IntervalTimer::port_count, interval_timer);
    bus.attach(IntervalTimer::control_port, 1, interval_timer, IntervalTimer::control_offset);
  }
  Chipset(const Chipset&) = delete;
  Chipset& operator=(const Chipset&) = delete;

  Clock clock;
  TimerQueue timers;
  Interrupts interrupts;
  IntervalTimer interval_timer{[this](bool level) { interrupts.set_line(IntervalTimer::irq, level); },
                               timers.add([this] { interval_timer.timer_expired(); }), [this] { return clock.now(); }};
  Bus bus;
  MemoryBus memory_bus;
  // Of all that the machine is made of, but for RAM and the disks. Who joins the machine adds its own.
  DeviceStates states;
  // What people see and touch; nullptr: there is none.
  Vga* display = nullptr;
  LinearDisplay* linear_display = nullptr;
  I8042* keyboard = nullptr;  // and the mouse
  std::vector<Serial16550*> serial_ports;
  std::vector<VersionedDisk*> disks;  // in the guest's order; what they contain is no device's state
};

}  // namespace gdbvm
