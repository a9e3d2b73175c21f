#include "vmm/devices/pci_configuration.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace gdbvm {

namespace {

constexpr std::uint32_t enabled = 1u << 31;
constexpr std::uint32_t function_bits = 0x00ffff00;  // bus, device, function
constexpr std::uint32_t register_bits = 0xfc;
constexpr std::uint32_t address_bits = enabled | function_bits | register_bits;  // the others are hard-wired to 0
constexpr std::uint16_t reset_control_offset = 1;

// The header (6.1) of what QEMU calls its PCIe host bridge: the one virtual bridge that no driver knows anything of.
// An identification of real hardware would be taken for its registers as well, such as those that unlock RAM.
constexpr std::array<std::uint8_t, 256> host_bridge = [] {
  std::array<std::uint8_t, 256> header{};
  constexpr std::array<std::uint8_t, 4> vendor_and_device{0x36, 0x1b, 0x08, 0x00};
  std::ranges::copy(vendor_and_device, header.begin());
  constexpr std::size_t class_code = 11;
  header[class_code] = 6;  // a bridge; of subclass 0: host
  return header;
}();

}  // namespace

void PciConfiguration::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  if (offset == reset_control_offset && out.size() == 1) return reset_control_.read(0, out);
  std::ranges::fill(out, 0xff);
  const std::lock_guard lock(mutex_);
  if (offset >= data_offset) {
    if ((address_ & (enabled | function_bits)) != enabled) return;
    const std::size_t first = (address_ & register_bits) + (offset - data_offset);
    std::copy_n(host_bridge.begin() + static_cast<std::ptrdiff_t>(first), out.size(), out.begin());
  } else if (out.size() == sizeof address_) {
    std::memcpy(out.data(), &address_, sizeof address_);
  }
}

void PciConfiguration::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  if (offset == reset_control_offset && bytes.size() == 1) return reset_control_.write(0, bytes);
  if (offset >= data_offset || bytes.size() != sizeof address_) return;
  const std::lock_guard lock(mutex_);
  std::memcpy(&address_, bytes.data(), sizeof address_);
  address_ &= address_bits;
}

void PciConfiguration::reset() {
  reset_control_.reset();
  const std::lock_guard lock(mutex_);
  address_ = 0;
}

void PciConfiguration::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(address_);
}

void PciConfiguration::restore(StateReader& from) {
  const auto address = from.get<std::uint32_t>();
  const std::lock_guard lock(mutex_);
  address_ = address & address_bits;
}

}  // namespace gdbvm
