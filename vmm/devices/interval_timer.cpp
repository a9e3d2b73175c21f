#include "vmm/devices/interval_timer.h"

#include <algorithm>

namespace gdbvm {

void IntervalTimer::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  out[0] = offset == control_offset ? control_.read(now_()) : counters_.read(offset, now_());
}

void IntervalTimer::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  const auto now = now_();
  if (offset == control_offset) return control_.write(bytes[0], now);
  counters_.write(offset, bytes[0], now);
  if (!counters_.out(0, now)) interrupt_(false);
  interrupt_if_risen(now);
}

x86::IntervalTimerRegisters IntervalTimer::registers() const {
  const std::lock_guard lock(mutex_);
  const auto now = now_();
  x86::IntervalTimerRegisters registers{.channels = {}, .control_b = control_.read(now), .until_event = {}};
  for (unsigned channel = 0; channel < I8254::channels; ++channel)
    registers.channels[channel] = counters_.look(channel, now);
  if (const auto next = counters_.next_event()) registers.until_event = *next - now;
  return registers;
}

void IntervalTimer::reset() {
  const std::lock_guard lock(mutex_);
  counters_.reset();
  control_.reset();
  interrupt_(false);
  timer_.set(std::nullopt);
}

void IntervalTimer::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  counters_.save(to);
  control_.save(to);
}

void IntervalTimer::restore(StateReader& from) {
  const std::lock_guard lock(mutex_);
  counters_.restore(from);
  control_.restore(from);
  set_timer(now_());
}

void IntervalTimer::timer_expired() {
  const std::lock_guard lock(mutex_);
  interrupt_if_risen(now_());
}

void IntervalTimer::interrupt_if_risen(std::chrono::nanoseconds now) {
  if (counters_.take_rise(now)) {
    interrupt_(false);
    interrupt_(true);
  }
  set_timer(now);
}

void IntervalTimer::set_timer(std::chrono::nanoseconds now) {
  const auto next = counters_.next_event();
  timer_.set(next ? std::optional(std::max(*next - now, std::chrono::nanoseconds(0))) : std::nullopt);
}

}  // namespace gdbvm
