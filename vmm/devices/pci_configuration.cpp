#include "vmm/devices/pci_configuration.h"

#include <algorithm>
#include <cstring>

namespace gdbvm {

namespace {

constexpr std::uint32_t enabled = 1u << 31;
constexpr std::uint32_t function_bits = 0x00ffff00;  // bus, device, function
constexpr std::uint32_t register_bits = 0xfc;
constexpr std::uint32_t address_bits = enabled | function_bits | register_bits;  // the others are hard-wired to 0
constexpr std::uint16_t reset_control_offset = 1;

}  // namespace

PciConfiguration::PciConfiguration(PortDevice& reset_control)
    : reset_control_(reset_control), host_bridge_(host_bridge()), isa_bridge_(isa_bridge()) {
  attach(0, 0, host_bridge_);
  attach(1, 0, isa_bridge_);
}

void PciConfiguration::attach(unsigned device, unsigned function, PciFunction& at) {
  functions_[device << 11 | function << 8] = &at;
}

PciFunction* PciConfiguration::addressed() const {
  if (!(address_ & enabled)) return nullptr;
  const auto found = functions_.find(address_ & function_bits);
  return found == functions_.end() ? nullptr : found->second;
}

std::size_t PciConfiguration::register_at(std::uint16_t offset) const {
  return (address_ & register_bits) + (offset - data_offset);
}

void PciConfiguration::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  if (offset == reset_control_offset && out.size() == 1) return reset_control_.read(0, out);
  std::ranges::fill(out, 0xff);
  const std::lock_guard lock(mutex_);
  if (offset >= data_offset) {
    if (const PciFunction* function = addressed()) function->read(register_at(offset), out);
  } else if (out.size() == sizeof address_) {
    std::memcpy(out.data(), &address_, sizeof address_);
  }
}

void PciConfiguration::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  if (offset == reset_control_offset && bytes.size() == 1) return reset_control_.write(0, bytes);
  const std::lock_guard lock(mutex_);
  if (offset >= data_offset) {
    if (PciFunction* function = addressed()) function->write(register_at(offset), bytes);
  } else if (bytes.size() == sizeof address_) {
    std::memcpy(&address_, bytes.data(), sizeof address_);
    address_ &= address_bits;
  }
}

void PciConfiguration::reset() {
  reset_control_.reset();
  const std::lock_guard lock(mutex_);
  address_ = 0;
  for (const auto& [address, function] : functions_) function->reset();
}

void PciConfiguration::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(address_);
  for (const auto& [address, function] : functions_) function->save(to);
}

void PciConfiguration::restore(StateReader& from) {
  const auto address = from.get<std::uint32_t>();
  StateReader spaces(from.take(functions_.size() * PciFunction::size));
  const std::lock_guard lock(mutex_);
  address_ = address & address_bits;
  for (const auto& [at, function] : functions_) function->restore(spaces);
}

}  // namespace gdbvm
