#include "vmm/devices/reset_port.h"

#include <utility>

namespace gdbvm {

void SystemControlA::read(std::uint16_t, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  out[0] = value_;
}

void SystemControlA::write(std::uint16_t, std::span<const std::uint8_t> bytes) {
  constexpr std::uint8_t fast_reset = 1, a20 = 2;
  {
    const std::lock_guard lock(mutex_);
    value_ = bytes[0] & a20;
  }
  if (bytes[0] & fast_reset) reset_machine_();
}

void SystemControlA::reset() {
  const std::lock_guard lock(mutex_);
  value_ = power_on;
}

void SystemControlA::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(value_);
}

void SystemControlA::restore(StateReader& from) {
  const auto value = from.get<std::uint8_t>();
  const std::lock_guard lock(mutex_);
  value_ = value;
}

void ResetControl::read(std::uint16_t, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  out[0] = value_;
}

void ResetControl::write(std::uint16_t, std::span<const std::uint8_t> bytes) {
  constexpr std::uint8_t hard = 2, reset_cpu = 4;
  {
    const std::lock_guard lock(mutex_);
    value_ = bytes[0] & hard;
  }
  if (bytes[0] & reset_cpu) reset_machine_();
}

void ResetControl::reset() {
  const std::lock_guard lock(mutex_);
  value_ = 0;
}

void ResetControl::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(value_);
}

void ResetControl::restore(StateReader& from) {
  const auto value = from.get<std::uint8_t>();
  const std::lock_guard lock(mutex_);
  value_ = value;
}

}  // namespace gdbvm
