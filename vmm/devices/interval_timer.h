// The PC's interval timer: an 8254 at ports 0x40 to 0x43, and system control port B at 0x61, which gates its channel 2.
#pragma once

#include <functional>
#include <mutex>

#include "vmm/devices/bus.h"
#include "vmm/devices/i8254.h"
#include "vmm/devices/state.h"
#include "vmm/devices/system_control_b.h"
#include "vmm/devices/timer.h"

namespace gdbvm {

// Channel 0 interrupts. Pulses of its output that come late, because the host was busy, are one.
class IntervalTimer final : public PortDevice {
 public:
  static constexpr std::uint16_t port = 0x40, port_count = 4, control_port = 0x61, control_offset = 4;
  static constexpr unsigned irq = 0;
  using Now = std::function<std::chrono::nanoseconds()>;

  // `timer` calls timer_expired(). `now` is the machine's time.
  IntervalTimer(std::function<void(bool)> interrupt, Timer& timer, Now now)
      : interrupt_(std::move(interrupt)), timer_(timer), now_(std::move(now)) {}

  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  void reset() override;
  void timer_expired();
  // For people.
  x86::IntervalTimerRegisters registers() const;
  static constexpr std::uint32_t state_version = 1;
  void save(StateWriter& to) const;
  // The machine's time has been restored before.
  void restore(StateReader& from);

 private:
  void interrupt_if_risen(std::chrono::nanoseconds now);
  void set_timer(std::chrono::nanoseconds now);

  const std::function<void(bool)> interrupt_;
  Timer& timer_;
  const Now now_;
  mutable std::mutex mutex_;
  I8254 counters_;
  SystemControlB control_{counters_};
};

}  // namespace gdbvm
