#include "vmm/history/keyframes.h"

#include <array>
#include <span>

#include "vmm/devices/serial_16550.h"
#include "vmm/history/progress.h"
#include "vmm/memory/fnv1a.h"

namespace gdbvm::history {

namespace {
std::uint32_t low_half(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
}  // namespace

Keyframe Keyframes::take() {
  Processor& cpu = machine_.vcpu({0});
  Keyframe taken{.machine = snapshots_.take(), .general = cpu.general(), .system = cpu.system()};
  for (const Serial16550* port : machine_.chipset().serial_ports) taken.typed.push_back(port->waiting());
  taken.extended = hash_of(cpu.extended());
  taken.cpu_time = cpu_time_of_thread();
  taken.clock = machine_.clock().now();
  return taken;
}

void Keyframes::put_back(const Keyframe& keyframe) {
  snapshots_.put_back(keyframe.machine);
  const auto& ports = machine_.chipset().serial_ports;
  for (std::size_t i = 0; i < ports.size(); ++i) ports[i]->set_waiting(keyframe.typed[i]);
}

bool Keyframes::is_at(const Keyframe& keyframe) {
  Processor& cpu = machine_.vcpu({0});
  if (const auto& digest = keyframe.digest) {
    return low_half(hash_of(cpu.general())) == digest->general && rest_of_digest(keyframe.machine.ram) == digest->rest;
  }
  return same_registers(cpu.general(), keyframe.general) && same_registers(cpu.system(), keyframe.system) &&
         hash_of(cpu.extended()) == keyframe.extended && snapshots_.ram_is(keyframe.machine.ram);
}

Digest Keyframes::digest(const Keyframe& start) {
  return {low_half(hash_of(machine_.vcpu({0}).general())), rest_of_digest(start.machine.ram)};
}

std::uint32_t Keyframes::rest_of_digest(const snapshot::RamImage& start) {
  Processor& cpu = machine_.vcpu({0});
  const std::array parts{hash_of(cpu.system()), hash_of(cpu.extended()), snapshots_.hash_of_changes(start)};
  return low_half(fnv1a(fnv1a_start, std::as_bytes(std::span(parts))));
}

}  // namespace gdbvm::history
