#include "vmm/history/keyframes.h"

#include "vmm/devices/serial_16550.h"
#include "vmm/history/progress.h"

namespace gdbvm::history {

Keyframe Keyframes::take() {
  Processor& cpu = machine_.vcpu({0});
  Keyframe taken{.machine = snapshots_.take(), .general = cpu.general(), .system = cpu.system()};
  if (const Serial16550* serial = machine_.chipset().serial) taken.typed = serial->waiting();
  taken.extended = hash_of(cpu.extended());
  taken.cpu_time = cpu_time_of_thread();
  return taken;
}

void Keyframes::put_back(const Keyframe& keyframe) {
  snapshots_.put_back(keyframe.machine);
  if (Serial16550* serial = machine_.chipset().serial) serial->set_waiting(keyframe.typed);
}

bool Keyframes::is_at(const Keyframe& keyframe) {
  Processor& cpu = machine_.vcpu({0});
  return same_registers(cpu.general(), keyframe.general) && same_registers(cpu.system(), keyframe.system) &&
         hash_of(cpu.extended()) == keyframe.extended && snapshots_.ram_is(keyframe.machine.ram);
}

}  // namespace gdbvm::history
