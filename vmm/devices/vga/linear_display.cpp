#include "vmm/devices/vga/linear_display.h"

#include <algorithm>
#include <cstring>

#include "vmm/memory/guest_memory.h"

namespace gdbvm {

using namespace vga::linear;

namespace {

constexpr std::size_t command_at = 0x04, framebuffer_at = 0x10;
constexpr std::uint32_t ports_on = 1, memory_on = 2, master_on = 4, prefetchable = 8;

// As firmware leaves it, since most guests come without one.
PciFunction display_function(const GuestMemory::Region& framebuffer) {
  PciFunction function({.vendor = 0x1234, .device = 0x1111, .class_code = 0x030000});
  function.set(command_at, ports_on | memory_on, 2, ports_on | memory_on | master_on);
  const auto size = static_cast<std::uint32_t>(framebuffer.size);
  function.set(framebuffer_at, static_cast<std::uint32_t>(framebuffer.start.value) | prefetchable, 4, ~(size - 1));
  return function;
}

}  // namespace

LinearDisplay::LinearDisplay(GuestMemory& memory)
    : memory_(memory), window_(memory), function_(display_function(*memory.display())) {
  const auto place = [this] { address_ = function_.word(framebuffer_at) & ~std::uint32_t{0xf}; };
  place();
  function_.set_observer(place);
}

std::uint64_t LinearDisplay::memory_size() const { return memory_.display()->size; }

void LinearDisplay::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  std::ranges::fill(out, std::uint8_t{0xff});
  if (out.size() != sizeof(std::uint16_t)) return;
  const std::lock_guard lock(mutex_);
  const std::uint16_t value = offset == 0 ? registers_.index : read_value();
  std::memcpy(out.data(), &value, sizeof value);
}

void LinearDisplay::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  std::uint16_t value = 0;
  if (bytes.size() != sizeof value) return;
  std::memcpy(&value, bytes.data(), sizeof value);
  const std::lock_guard lock(mutex_);
  if (offset == 0) {
    registers_.index = value;
  } else {
    write_value(value);
  }
}

std::uint16_t LinearDisplay::read_value() const {
  const bool wants_capabilities = registers_.values[enable] & capabilities;
  switch (const std::uint16_t index = registers_.index) {
    case vga::linear::width:
      return wants_capabilities ? most_width : registers_.values[index];
    case height:
      return wants_capabilities ? most_height : registers_.values[index];
    case depth:
      return wants_capabilities ? most_depth : registers_.values[index];
    case memory_64k:
      return static_cast<std::uint16_t>(memory_size() >> 16);
    default:
      return index < registers_.values.size() ? registers_.values[index] : std::uint16_t{0};
  }
}

void LinearDisplay::write_value(std::uint16_t value) {
  auto& values = registers_.values;
  const std::uint16_t index = registers_.index;
  switch (index) {
    case id:
      if (value >= oldest_id && value <= newest_id) values[id] = value;
      return;
    case enable:
      return switch_to(value);
    case virtual_height:  // follows from the others
      return;
    default:
      if (index >= values.size()) return;
      values[index] = value;
      if (values[enable] & enabled) vga::correct(registers_, memory_size());
  }
}

void LinearDisplay::switch_to(std::uint16_t value) {
  auto& values = registers_.values;
  const bool goes_on = (value & enabled) && !(values[enable] & enabled);
  values[enable] = value;
  if (!goes_on) return;
  values[virtual_width] = values[x_offset] = values[y_offset] = 0;
  vga::correct(registers_, memory_size());
  if (value & no_clear) return;
  const auto mode = vga::mode_of(registers_, memory_size());
  const std::uint64_t size = mode->height * mode->bytes_per_row;
  std::memset(memory_.display()->host, 0, size);
  memory_.note_written(memory_.display()->start, size);
}

std::optional<vga::LinearMode> LinearDisplay::mode() const {
  const std::lock_guard lock(mutex_);
  return vga::mode_of(registers_, memory_size());
}

void LinearDisplay::reset() {
  const std::lock_guard lock(mutex_);
  registers_ = vga::linear_power_on();
}

void LinearDisplay::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(registers_);
}

void LinearDisplay::restore(StateReader& from) {
  const auto registers = from.get<vga::LinearRegisters>();
  const std::lock_guard lock(mutex_);
  registers_ = registers;
}

void LinearDisplay::Window::read(std::uint64_t offset, std::span<std::uint8_t> out) {
  std::memcpy(out.data(), memory_.display()->host + offset, out.size());
}

void LinearDisplay::Window::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  std::memcpy(memory_.display()->host + offset, bytes.data(), bytes.size());
  memory_.note_written(memory_.display()->start + offset, bytes.size());
}

}  // namespace gdbvm
