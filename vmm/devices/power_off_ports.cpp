#include "vmm/devices/power_off_ports.h"

#include <algorithm>
#include <string_view>

#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {

constexpr std::string_view word = "Shutdown";

}  // namespace

void PowerOffPorts::read(std::uint16_t, std::span<std::uint8_t> out) { out[0] = 0; }

void PowerOffPorts::write(std::uint16_t port, std::span<const std::uint8_t> bytes) {
  const auto byte = bytes[0];
  if (port == control_port + 1 && byte & x86::wiring::sleep_enable) return power_off_();
  if (port != word_port) return;
  std::uint8_t matched = matched_;
  if (byte != static_cast<std::uint8_t>(word[matched])) matched = 0;
  if (byte == static_cast<std::uint8_t>(word[matched])) ++matched;
  matched_ = matched % word.size();
  if (matched == word.size()) power_off_();
}

void PowerOffPorts::restore(StateReader& from) { matched_ = from.get<std::uint8_t>() % word.size(); }

}  // namespace gdbvm
