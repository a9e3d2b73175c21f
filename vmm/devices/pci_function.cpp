#include "vmm/devices/pci_function.h"

#include <algorithm>
#include <cstring>

namespace gdbvm {

namespace {
constexpr std::size_t identity_at = 0x00, class_at = 0x08, header_type_at = 0x0e, subsystem_at = 0x2c;
constexpr std::uint8_t several_functions = 0x80;
constexpr std::uint32_t intel = 0x8086;
// By these SeaBIOS knows that it is on a virtual machine and sets the chipset up.
constexpr std::uint32_t virtual_machine = 0x1100'1af4;
}  // namespace

PciFunction::PciFunction(const Identity& identity) {
  set(identity_at, identity.vendor | std::uint32_t{identity.device} << 16, 4);
  set(class_at, identity.class_code << 8, 4);
  set(subsystem_at, virtual_machine, 4);
  if (identity.has_siblings) set(header_type_at, several_functions, 1);
}

void PciFunction::set(std::size_t offset, std::uint32_t value, unsigned bytes, std::uint32_t writable) {
  for (unsigned i = 0; i < bytes; ++i) {
    at_power_on_.at(offset + i) = bytes_.at(offset + i) = static_cast<std::uint8_t>(value >> 8 * i);
    writable_.at(offset + i) = static_cast<std::uint8_t>(writable >> 8 * i);
  }
}

std::uint32_t PciFunction::word(std::size_t offset) const {
  std::uint32_t value = 0;
  std::memcpy(&value, &bytes_.at(offset & ~std::size_t{3}), sizeof value);
  return value;
}

void PciFunction::read(std::size_t offset, std::span<std::uint8_t> out) const {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = bytes_.at(offset + i);
}

void PciFunction::put(std::size_t offset, std::span<const std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t mask = writable_.at(offset + i);
    std::uint8_t& byte = bytes_.at(offset + i);
    byte = static_cast<std::uint8_t>((byte & ~mask) | (bytes[i] & mask));
  }
}

void PciFunction::write(std::size_t offset, std::span<const std::uint8_t> bytes) {
  put(offset, bytes);
  tell();
}

void PciFunction::reset() {
  bytes_ = at_power_on_;
  tell();
}

void PciFunction::restore(StateReader& from) {
  put(0, from.get<Bytes>());
  tell();
}

PciFunction host_bridge() {
  PciFunction bridge({.vendor = intel, .device = 0x1237, .class_code = 0x060000});
  constexpr std::size_t memory_attributes = 0x59, count = 7, system_management_ram = 0x72;
  for (std::size_t i = 0; i < count; ++i) bridge.set(memory_attributes + i, 0, 1, 0xff);
  bridge.set(system_management_ram, 0x02, 1, 0x78);
  return bridge;
}

PciFunction isa_bridge() {
  PciFunction bridge({.vendor = intel, .device = 0x7000, .class_code = 0x060100, .has_siblings = true});
  constexpr std::size_t interrupt_routes = 0x60;
  bridge.set(interrupt_routes, 0x80808080, 4, 0x8f8f8f8f);  // disabled
  return bridge;
}

}  // namespace gdbvm
