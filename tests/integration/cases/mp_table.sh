# A guest that finds CPUs and I/O APIC as kernels without ACPI do, and finds the controllers as the tables say.
# Its status is QEMU's 2 * value + 1: 1 if all agrees.
. "$LIB"
for cpus in 1 3 255; do
  status "$GDBVM" --run --gdb none --cpus "$cpus" "$GUEST/mp_table.elf" 2>&1
done
