// System control port B's bits.
#include "vmm/devices/system_control_b.h"

namespace gdbvm {

namespace {

constexpr std::uint8_t gate = 1, remembered = 0x0e, refresh_toggle = 0x10, output = 0x20;

}  // namespace

std::uint8_t SystemControlB::read(I8254::Time now) const {
  unsigned value = remembered_;
  if (timer_.gate2()) value |= gate;
  if (now / refresh % 2 != 0) value |= refresh_toggle;
  if (timer_.out(2, now)) value |= output;
  return static_cast<std::uint8_t>(value);
}

void SystemControlB::write(std::uint8_t value, I8254::Time now) {
  remembered_ = value & remembered;
  timer_.set_gate2(value & gate, now);
}

void SystemControlB::restore(StateReader& reader) { remembered_ = reader.get<std::uint8_t>() & remembered; }

}  // namespace gdbvm
