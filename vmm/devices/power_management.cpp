#include "vmm/devices/power_management.h"

namespace gdbvm {

namespace {
namespace wiring = x86::wiring;
// PM1 control, low and high byte (ACPI 6.4, table 4.16).
constexpr std::uint8_t sci_enabled = 1, bus_master_reload = 2;
constexpr unsigned sleep_type_shift = 2, sleep_type_mask = 7;
constexpr unsigned soft_off_in_qemu = 0;  // kernels write it by heart: 0x2000 to port 0x604
}  // namespace

std::chrono::nanoseconds PowerManagement::host_uptime() { return std::chrono::steady_clock::now().time_since_epoch(); }

std::uint8_t PowerManagement::read_byte(std::uint16_t offset) const {
  if (offset >= wiring::pm1_enable && offset < wiring::pm1_control) {
    return static_cast<std::uint8_t>(enable_ >> 8 * (offset - wiring::pm1_enable));
  }
  if (offset == wiring::pm1_control) return sci_enabled | bus_master_reload_;
  return 0;  // SLP_EN and SLP_TYP are write-only
}

void PowerManagement::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  if (offset >= wiring::pm_timer) {
    using std::chrono::floor, std::chrono::seconds;
    const auto now = clock_();
    const auto whole = floor<seconds>(now);
    const auto part = static_cast<std::uint64_t>((now - whole).count());
    const auto ticks = static_cast<std::uint64_t>(whole.count()) * timer_hertz + part * timer_hertz / 1'000'000'000;
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::uint8_t>(ticks >> 8 * (offset - wiring::pm_timer + i));
    }
    return;
  }
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = read_byte(static_cast<std::uint16_t>(offset + i));
}

bool PowerManagement::switches_off(std::uint16_t offset, std::uint8_t value) {
  const bool high_byte = offset == wiring::pm1_control + 1;
  const unsigned type = value >> sleep_type_shift & sleep_type_mask;
  return high_byte && (value & wiring::sleep_enable) && (type == wiring::soft_off_type || type == soft_off_in_qemu);
}

void PowerManagement::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  bool off = false;
  {
    const std::lock_guard lock(mutex_);
    for (const std::uint8_t byte : bytes) {
      if (offset == wiring::pm1_enable) enable_ = static_cast<std::uint16_t>((enable_ & 0xff00) | byte);
      if (offset == wiring::pm1_enable + 1) enable_ = static_cast<std::uint16_t>((enable_ & 0x00ff) | byte << 8);
      if (offset == wiring::pm1_control) bus_master_reload_ = byte & bus_master_reload;
      off = off || switches_off(offset, byte);
      ++offset;
    }
  }
  if (off) power_off_();
}

void PowerManagement::reset() {
  const std::lock_guard lock(mutex_);
  enable_ = 0;
  bus_master_reload_ = 0;
}

void PowerManagement::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(enable_);
  to.put(bus_master_reload_);
}

void PowerManagement::restore(StateReader& from) {
  const auto enable = from.get<std::uint16_t>();
  const auto reload = from.get<std::uint8_t>();
  const std::lock_guard lock(mutex_);
  enable_ = enable;
  bus_master_reload_ = reload & bus_master_reload;
}

}  // namespace gdbvm
