// Walks the ACPI tables as a kernel does, prints what they hold, and uses them to switch the machine off.
#include "lib/port.h"
#include "lib/serial.h"
#include "lib/tables.h"

static bytes find_root(void) {
  for (bytes at = (bytes)0xe0000; at < (bytes)0x100000; at += 16)
    if (is(at, "RSD PTR ") && sum(at, 20) == 0 && sum(at, 36) == 0) return at;
  return 0;
}
// The table with that signature, found through the XSDT.
static bytes find_table(bytes xsdt, const char* signature) {
  for (uint64_t at = 36; at < number(xsdt + 4, 4); at += 8) {
    bytes table = (bytes)number(xsdt + at, 8);
    if (is(table, signature) && sum(table, number(table + 4, 4)) == 0) return table;
  }
  return 0;
}
// Enabled ones, their APIC ids 0, 1, 2...
static unsigned count_cpus(bytes madt) {
  unsigned cpus = 0;
  for (bytes entry = madt + 44; entry < madt + number(madt + 4, 4); entry += entry[1])
    cpus += entry[0] == 0 && entry[3] == cpus && entry[4] & 1;
  return cpus;
}
// SLP_TYP from Name (\_S5_, Package () {5, ...}): the byte after NameOp's path, PackageOp, its length and its count.
static unsigned soft_off_type(bytes dsdt) {
  for (bytes at = dsdt + 36; at < dsdt + number(dsdt + 4, 4); at++)
    if (is(at, "_S5_")) return at[4] == 0x12 && at[7] == 0x0a ? at[8] : ~0u;
  return ~0u;
}

int kernel_main(void) {
  bytes root = find_root();
  if (!root) return 1;
  bytes xsdt = (bytes)number(root + 24, 8);
  bytes fadt = find_table(xsdt, "FACP"), madt = find_table(xsdt, "APIC");
  if (!fadt || !madt) return 2;
  put_line("acpi: cpus", count_cpus(madt));

  const uint16_t timer = (uint16_t)number(fadt + 76, 4), control = (uint16_t)number(fadt + 64, 4);
  const uint32_t before = in32(timer);
  while (in32(timer) - before < 3580) {  // a millisecond
  }
  put_line("acpi: ACPI mode", in16(control) & 1);
  put_string("acpi: switching off\n");
  out16(control, (uint16_t)(soft_off_type((bytes)number(fadt + 140, 8)) << 10 | 1 << 13));
  return 3;
}
