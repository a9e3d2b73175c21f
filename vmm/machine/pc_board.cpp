#include "vmm/machine/pc_board.h"

#include <algorithm>

#include <fmt/format.h>

#include "vmm/machine/machine.h"
#include "vmm/x86/wiring.h"

namespace gdbvm {

namespace {
constexpr std::uint8_t power_off_status = 0;

// The machine's time as one of day: the RTC starts elsewhere.
Cmos::Clock clock_for(RtcClock rtc, const Clock& machine) {
  if (rtc == RtcClock::Wall) return Cmos::host_time;
  return [&machine] { return Cmos::Time(std::chrono::floor<std::chrono::microseconds>(machine.now())); };
}

std::optional<Cmos::Time> start_of(RtcClock rtc) {
  return rtc == RtcClock::Wall ? std::nullopt : std::optional(Cmos::host_time());
}
}  // namespace

PcBoard::PcBoard(Chipset& chipset, std::uint64_t memory_size, SerialOutputs serial_outputs,
                 std::function<bool()> interrupted, RtcClock rtc, std::uint16_t debug_exit_port)
    : chipset_(chipset),
      interrupted_(std::move(interrupted)),
      pic_ports_(chipset.interrupts),
      io_apic_(chipset.interrupts),
      com1_(serial_outputs.com1, line(Serial16550::com1_irq)),
      com2_(serial_outputs.com2, line(Serial16550::com2_irq)),
      debug_exit_([this](std::uint8_t status) { machine_->request_exit(status); }),
      keyboard_controller_({.keyboard_line = line(I8042::keyboard_irq),
                            .mouse_line = line(I8042::mouse_irq),
                            .reset_machine = [this] { request_reset(); },
                            .timer = chipset.timers.add([this] { keyboard_controller_.timer_expired(); }),
                            .clock = [&chipset] { return chipset.clock.now(); }}),
      display_([&chipset] { return chipset.clock.now(); }),
      system_control_([this] { request_reset(); }),
      reset_control_([this] { request_reset(); }),
      pci_(reset_control_),
      cmos_(memory_size, line(Cmos::irq), chipset.timers.add([this] { cmos_.timer_expired(); }),
            clock_for(rtc, chipset.clock), start_of(rtc)),
      power_management_([this] { machine_->request_exit(power_off_status); },
                        [&chipset] { return chipset.clock.now(); }),
      power_off_ports_([this] { machine_->request_exit(power_off_status); }),
      debug_console_(serial_outputs.com1) {
  Bus& bus = chipset.bus;
  for (const std::uint16_t port : PicPorts::ports) bus.attach(port, 1, pic_ports_, port);
  chipset.memory_bus.attach({x86::wiring::io_apic}, IoApicWindow::size, io_apic_);
  bus.attach(Serial16550::com1_port, Serial16550::port_count, com1_);
  bus.attach(Serial16550::com2_port, Serial16550::port_count, com2_);
  bus.attach(I8042::data_port, 1, keyboard_controller_);
  bus.attach(I8042::command_port, 1, keyboard_controller_, I8042::command_offset);
  for (const auto& [first, count] : Vga::ports) bus.attach(first, count, display_, first);
  bus.attach(SystemControlA::port, 1, system_control_);
  bus.attach(PciConfiguration::address_port, PciConfiguration::port_count, pci_);
  bus.attach(PciConfiguration::data_port, PciConfiguration::port_count, pci_, PciConfiguration::data_offset);
  bus.attach(Cmos::index_port, Cmos::port_count, cmos_);
  bus.attach(PowerManagement::port, PowerManagement::port_count, power_management_);
  attach_debug_ports(debug_exit_port);
  chipset.display = &display_;
  chipset.keyboard = &keyboard_controller_;
  chipset.serial_ports = {&com1_, &com2_};
  add_states();
}

// The last of the board's, so that the chosen port is known to be free.
void PcBoard::attach_debug_ports(std::uint16_t exit_port) {
  Bus& bus = chipset_.bus;
  bus.attach(PowerOffPorts::control_port, PowerOffPorts::control_size, power_off_ports_, PowerOffPorts::control_port);
  bus.attach(PowerOffPorts::word_port, 1, power_off_ports_, PowerOffPorts::word_port);
  bus.attach(PostPort::port, 1, post_port_);
  bus.attach(DebugConsole::bochs_port, 1, debug_console_);
  bus.attach(MissingBios::port, MissingBios::port_count, missing_bios_);
  if (!bus.is_free(exit_port, DebugExit::port_count)) {
    throw std::invalid_argument(
        fmt::format("the debug-exit port {:#x} is another device's, or one of the {} after it is", exit_port,
                    DebugExit::port_count - 1));
  }
  bus.attach(exit_port, DebugExit::port_count, debug_exit_);
}

void PcBoard::attach_firmware_log(SerialSink& sink) {
  firmware_log_.emplace(sink);
  chipset_.bus.attach(DebugConsole::firmware_port, 1, *firmware_log_);
}

// Of those that have one. The names are in files.
void PcBoard::add_states() {
  chipset_.states.add("serial", com1_);
  chipset_.states.add("serial 2", com2_);
  chipset_.states.add("keyboard controller", keyboard_controller_);
  chipset_.states.add("vga", display_);
  chipset_.states.add("system control A", system_control_);
  chipset_.states.add("reset control", reset_control_);
  chipset_.states.add("pci", pci_);
  chipset_.states.add("cmos", cmos_);
  chipset_.states.add("power management", power_management_);
  chipset_.states.add("power-off ports", power_off_ports_);
  chipset_.states.add("post", post_port_);
}

// The linear display shows guest memory, which comes with the machine.
void PcBoard::connect(Machine& machine) {
  machine_ = &machine;
  constexpr unsigned device = 2;
  const std::uint64_t size = machine.memory().display()->size;
  linear_display_.emplace(machine.memory());
  chipset_.bus.attach(LinearDisplay::port, LinearDisplay::port_count, *linear_display_);
  chipset_.memory_bus.attach_movable(linear_display_->address(), size, linear_display_->window());
  pci_.attach(device, 0, linear_display_->function());
  chipset_.states.add("linear display", *linear_display_);
  chipset_.linear_display = &*linear_display_;
}

void PcBoard::attach_fw_cfg(const std::vector<FwCfg::File>& files) {
  fw_cfg_.emplace(machine_->memory(), static_cast<std::uint16_t>(machine_->cpus()), files);
  chipset_.bus.attach(FwCfg::port, FwCfg::port_count, *fw_cfg_);
  chipset_.bus.attach(FwCfg::dma_port, FwCfg::dma_port_count, *fw_cfg_, FwCfg::dma_offset);
  chipset_.states.add("fw_cfg", *fw_cfg_);
}

void PcBoard::attach(IdeDrives drives) {
  using Controller = ide::Controller;
  if (std::ranges::none_of(drives, [](const auto& drive) { return drive != nullptr; })) return;
  ide_.emplace(machine_->memory(), Controller::Lines{line(Controller::irqs[0]), line(Controller::irqs[1])});
  for (unsigned place = 0; place < drives.size(); ++place) {
    if (drives[place]) chipset_.disks.push_back(&drives[place]->disk());
    ide_->set_drive(place, std::move(drives[place]));
  }
  Bus& bus = chipset_.bus;
  for (unsigned i = 0; i < Controller::channels; ++i) {
    const auto offset = static_cast<std::uint16_t>(i * Controller::channel_offset);
    bus.attach(Controller::command_ports[i], Controller::command_port_count, *ide_, offset);
    bus.attach(Controller::control_ports[i], 1, *ide_, static_cast<std::uint16_t>(offset + Controller::control_offset));
  }
  bus.attach_movable(ide_->bus_master_port(), Controller::bus_master_ports, *ide_, Controller::bus_master_offset);
  pci_.attach(1, 1, ide_->function());
  chipset_.states.add("ide", *ide_);
}

void PcBoard::attach(std::unique_ptr<virtio::Device> device) {
  namespace wiring = x86::wiring;
  const auto number = static_cast<std::uint32_t>(virtio_.size());
  const unsigned irq = wiring::virtio_irq + number;
  if (VersionedDisk* disk = device->disk()) chipset_.disks.push_back(disk);
  virtio_.push_back(std::make_unique<virtio::Mmio>(std::move(device), machine_->memory(), line(irq), interrupted_));
  const Gpa window{wiring::virtio_window + std::uint64_t{number} * wiring::virtio_window_size};
  chipset_.memory_bus.attach(window, wiring::virtio_window_size, *virtio_.back());
  chipset_.states.add(fmt::format("virtio {}", number), *virtio_.back());
}

std::function<void(bool)> PcBoard::line(unsigned irq) {
  return [this, irq](bool asserted) { chipset_.interrupts.set_line(irq, asserted); };
}

void PcBoard::request_reset() {
  if (ends_at_reset_) return machine_->request_exit(power_off_status);
  machine_->request_reset();
}

}  // namespace gdbvm
