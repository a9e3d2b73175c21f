// The DSDT's contents.
#include "vmm/boot/acpi/dsdt.h"

#include "vmm/x86/wiring.h"

namespace gdbvm::boot::acpi {

namespace wiring = x86::wiring;

aml::Bytes dsdt_contents() {
  using namespace aml;
  // SLP_TYP for the control registers PM1a and PM1b, and two reserved elements (ACPI 6.4, 7.4.2).
  const Bytes soft_off = integer(wiring::soft_off_type);
  Bytes out = name("\\_S5", package({soft_off, soft_off, integer(0), integer(0)}));

  const Bytes devices = scope(
      "\\_SB",
      {device("COM1",
              {name("_HID", eisa_id("PNP0501")), name("_UID", integer(1)),
               name("_CRS", resources({io_ports(wiring::com1_port, wiring::com1_ports), isa_irq(wiring::com1_irq)}))}),
       device("RTC",
              {name("_HID", eisa_id("PNP0B00")),
               name("_CRS", resources({io_ports(wiring::rtc_port, wiring::rtc_ports), isa_irq(wiring::rtc_irq)}))})});
  out.insert(out.end(), devices.begin(), devices.end());
  return out;
}

}  // namespace gdbvm::boot::acpi
