#include "vmm/machine/pc_board.h"

#include <fmt/format.h>

#include "vmm/machine/machine.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {
constexpr std::uint8_t power_off_status = 0;
}

PcBoard::PcBoard(Vm& vm, std::uint64_t memory_size, SerialSink& serial_output, std::function<bool()> interrupted)
    : vm_(vm),
      interrupted_(std::move(interrupted)),
      serial_(serial_output, [&vm](bool level) { vm.set_irq(Serial16550::com1_irq, level); }),
      debug_exit_([this](std::uint8_t status) { machine_->request_exit(status); }),
      keyboard_controller_([this] { request_reset(); }),
      system_control_([this] { request_reset(); }),
      reset_control_([this] { request_reset(); }),
      pci_(reset_control_),
      cmos_(
          memory_size, [&vm](bool level) { vm.set_irq(Cmos::irq, level); }, rtc_timer_),
      rtc_timer_("rtc", [this] { cmos_.timer_expired(); }),
      power_management_([this] { machine_->request_exit(power_off_status); }, [this] { return machine_->time(); }),
      debug_console_(serial_output) {
  bus_.attach(Serial16550::com1_port, Serial16550::port_count, serial_);
  bus_.attach(DebugExit::port, DebugExit::port_count, debug_exit_);
  bus_.attach(I8042::data_port, 1, keyboard_controller_);
  bus_.attach(I8042::command_port, 1, keyboard_controller_, I8042::command_offset);
  bus_.attach(SystemControlA::port, 1, system_control_);
  bus_.attach(PciConfiguration::address_port, PciConfiguration::port_count, pci_);
  bus_.attach(PciConfiguration::data_port, PciConfiguration::port_count, pci_, PciConfiguration::data_offset);
  bus_.attach(Cmos::index_port, Cmos::port_count, cmos_);
  bus_.attach(PowerManagement::port, PowerManagement::port_count, power_management_);
  add_states();
}

// Of those that have one. The names are in files.
void PcBoard::add_states() {
  states_.add("serial", serial_);
  states_.add("system control A", system_control_);
  states_.add("reset control", reset_control_);
  states_.add("pci", pci_);
  states_.add("cmos", cmos_);
  states_.add("power management", power_management_);
}

void PcBoard::attach(std::unique_ptr<virtio::Device> device) {
  namespace wiring = x86::wiring;
  const auto number = static_cast<std::uint32_t>(virtio_.size());
  const unsigned irq = wiring::virtio_irq + number;
  if (VersionedDisk* disk = device->disk()) disks_.push_back(disk);
  virtio_.push_back(std::make_unique<virtio::Mmio>(
      std::move(device), machine_->memory(), [this, irq](bool level) { vm_.set_irq(irq, level); }, interrupted_));
  const Gpa window{wiring::virtio_window + std::uint64_t{number} * wiring::virtio_window_size};
  machine_->memory_bus().attach(window, wiring::virtio_window_size, *virtio_.back());
  states_.add(fmt::format("virtio {}", number), *virtio_.back());
}

void PcBoard::request_reset() { machine_->request_reset(); }

}  // namespace gdbvm
