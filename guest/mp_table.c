// Finds the MultiProcessor Specification's tables where kernels look for them, prints what they hold, and compares it
// with what the interrupt controllers say of themselves. Ends with 0 if all of it agrees.
#include "lib/serial.h"
#include "lib/tables.h"

static bytes find_in(uint64_t start, uint64_t size) {
  for (bytes at = (bytes)start; at < (bytes)(start + size); at += 16)
    if (is(at, "_MP_") && sum(at, 16u * at[8]) == 0) return at;
  return 0;
}
// The extended BIOS data area, the last KiB of conventional memory, the BIOS.
static bytes find_pointer(void) {
  bytes found = find_in(number((bytes)0x40e, 2) << 4, 1024);
  if (!found) found = find_in(number((bytes)0x413, 2) * 1024 - 1024, 1024);
  return found ? found : find_in(0xf0000, 0x10000);
}
static uint32_t io_apic_register(uint64_t io_apic, uint32_t index) {
  *(volatile uint32_t*)io_apic = index;
  return *(volatile uint32_t*)(io_apic + 16);
}

int kernel_main(void) {
  bytes pointer = find_pointer();
  if (!pointer) return 1;
  bytes table = (bytes)number(pointer + 4, 4);
  if (!is(table, "PCMP") || sum(table, number(table + 4, 2)) != 0) return 2;

  const uint64_t local_apic = number(table + 36, 4);
  const uint32_t id = *(volatile uint32_t*)(local_apic + 0x20) >> 24;
  const uint8_t version = (uint8_t)*(volatile uint32_t*)(local_apic + 0x30);
  unsigned cpus = 0, of_io_apic = 0, of_local_apic = 0, wrong = 0;
  for (bytes entry = table + 44; entry < table + number(table + 4, 2); entry += entry[0] ? 8 : 20) {
    if (entry[0] == 0) {
      const int boots = entry[3] >> 1 & 1;
      wrong += entry[1] != cpus++ || entry[2] != version || boots != (entry[1] == id);
    }
    if (entry[0] == 2) {
      const uint64_t io_apic = number(entry + 4, 4);
      wrong += io_apic_register(io_apic, 0) >> 24 != entry[1] || (uint8_t)io_apic_register(io_apic, 1) != entry[2];
    }
    of_io_apic += entry[0] == 3;
    of_local_apic += entry[0] == 4;
  }
  put_string("mp: at ");
  put_hex((uint64_t)pointer);
  put_line("\nmp: cpus", cpus);
  put_line("mp: interrupts of the I/O APIC", of_io_apic);
  put_line("mp: of the local APICs", of_local_apic);
  return wrong ? 3 : 0;
}
