// The CMOS memory with its real-time clock (MC146818A data sheet), at the PC's ports 0x70 and 0x71.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "vmm/devices/bus.h"
#include "vmm/devices/rtc_events.h"
#include "vmm/devices/state.h"
#include "vmm/devices/timer.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

// Keeps UTC. The guest may set the clock; the difference to the host's lasts as long as the device. What is due is
// worked out when somebody looks; a guest that does not acknowledge an interrupt costs no further timer.
class Cmos final : public PortDevice {
 public:
  static constexpr std::uint16_t index_port = x86::wiring::rtc_port, port_count = x86::wiring::rtc_ports;
  static constexpr unsigned irq = x86::wiring::rtc_irq;
  using Time = rtc::Time;
  using Clock = std::function<Time()>;
  using InterruptLine = std::function<void(bool level)>;
  static Time host_time();

  // `memory_size` in bytes: laid out like GuestMemory, and told to the guest where PC firmware leaves it.
  // `timer` calls timer_expired(). `start`: what the guest's clock shows at first; else what `clock` does.
  Cmos(std::uint64_t memory_size, InterruptLine interrupt, Timer& timer, Clock clock = host_time,
       std::optional<Time> start = {});

  void read(std::uint16_t offset, std::span<std::uint8_t> out) override;
  void write(std::uint16_t offset, std::span<const std::uint8_t> bytes) override;
  // The index and the interrupts' enables and flags: the rest has a battery.
  void reset() override;
  static constexpr std::uint32_t state_version = 2;
  // A time of day with a start goes on from where it was saved; one that had none then, from when its events were last
  // looked at. One without, if it had none then, differs from the clock's as it did. The machine's time has been
  // restored before.
  void save(StateWriter& to) const;
  void restore(StateReader& from);
  void timer_expired();

 private:
  static constexpr std::uint8_t index_bits = 0x7f;
  // The clock's registers as plain binary numbers; hours 0-23.
  struct Fields {
    unsigned second, minute, hour, weekday, day, month, year;  // weekday 1 is Sunday
  };
  // All of these need mutex_.
  Time now() const { return clock_() + offset_; }
  static Fields fields_of(Time time);
  bool halted() const;
  void commit(const Fields& fields);
  unsigned* field(Fields& fields, std::uint8_t index) const;
  std::uint8_t encode(std::uint8_t index, unsigned value) const;
  unsigned decode(std::uint8_t index, std::uint8_t value) const;
  rtc::Schedule schedule() const;
  void collect_events();
  void drive_interrupt();
  void set_timer();
  std::uint8_t read_index(std::uint8_t index);
  void write_index(std::uint8_t index, std::uint8_t value);
  void write_status_b(std::uint8_t value);
  void store_memory_size(std::uint64_t memory_size);

  const InterruptLine interrupt_;
  Timer& timer_;
  const Clock clock_;
  const bool has_start_;
  mutable std::mutex mutex_;
  std::chrono::microseconds offset_;
  Fields set_{};    // what the guest writes while updates are halted (status B, SET)
  Time collected_;  // up to when events are in the flags
  std::uint8_t events_ = 0;
  bool interrupting_ = false;
  std::uint8_t index_ = 0;
  std::array<std::uint8_t, 128> ram_{};
};

}  // namespace gdbvm
