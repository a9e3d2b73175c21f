// \_S5 and the devices, term by term.
#include "vmm/boot/acpi/dsdt.h"

#include <fmt/format.h>

#include "vmm/x86/layout.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::boot::acpi {

namespace wiring = x86::wiring;

namespace {

aml::Bytes virtio_device(unsigned number) {
  using namespace aml;
  const std::uint32_t window = wiring::virtio_window + number * wiring::virtio_window_size;
  return device(
      fmt::format("VIO{}", number),
      {name("_HID", string("LNRO0005")), name("_UID", integer(number)),
       name("_CRS", resources({memory(window, wiring::virtio_window_size), interrupt(wiring::virtio_irq + number)}))});
}

aml::Bytes serial_port(unsigned number, std::uint16_t port, unsigned irq) {
  using namespace aml;
  return device(fmt::format("COM{}", number),
                {name("_HID", eisa_id("PNP0501")), name("_UID", integer(number)),
                 name("_CRS", resources({io_ports(port, wiring::com_ports), isa_irq(irq)}))});
}

// Bus 0 behind its host bridge: without it a kernel with ACPI looks for no PCI at all.
aml::Bytes pci_root() {
  using namespace aml;
  namespace layout = x86::layout;
  constexpr std::uint8_t last_bus = 0xff;
  constexpr std::uint16_t behind = wiring::pci_port + wiring::pci_ports;
  return device("PCI0",
                {name("_HID", eisa_id("PNP0A03")), name("_UID", integer(0)),
                 name("_CRS", resources({bus_numbers(0, last_bus), io_ports(wiring::pci_port, wiring::pci_ports),
                                         io_window(0, wiring::pci_port - 1), io_window(behind, 0xffff),
                                         memory_window(layout::display_window, layout::option_roms - 1),
                                         memory_window(wiring::pci_memory, wiring::pci_memory_last)}))});
}

}  // namespace

aml::Bytes dsdt_contents(unsigned virtio_devices) {
  using namespace aml;
  // SLP_TYP for the control registers PM1a and PM1b, and two reserved elements (ACPI 6.4, 7.4.2).
  const Bytes soft_off = integer(wiring::soft_off_type);
  Bytes out = name("\\_S5", package({soft_off, soft_off, integer(0), integer(0)}));

  const Bytes devices = scope(
      "\\_SB",
      {pci_root(), serial_port(1, wiring::com1_port, wiring::com1_irq),
       serial_port(2, wiring::com2_port, wiring::com2_irq),
       device("KBD",
              {name("_HID", eisa_id("PNP0303")),
               name("_CRS", resources({io_ports(wiring::keyboard_data_port, 1),
                                       io_ports(wiring::keyboard_command_port, 1), isa_irq(wiring::keyboard_irq)}))}),
       device("MOU", {name("_HID", eisa_id("PNP0F13")), name("_CRS", resources({isa_irq(wiring::mouse_irq)}))}),
       device("RTC",
              {name("_HID", eisa_id("PNP0B00")),
               name("_CRS", resources({io_ports(wiring::rtc_port, wiring::rtc_ports), isa_irq(wiring::rtc_irq)}))})});
  out.insert(out.end(), devices.begin(), devices.end());
  for (unsigned number = 0; number < virtio_devices; ++number) {
    const Bytes virtio = scope("\\_SB", {virtio_device(number)});
    out.insert(out.end(), virtio.begin(), virtio.end());
  }
  return out;
}

}  // namespace gdbvm::boot::acpi
