# Kernels that rely on the selectors of the loader that they know take an interrupt and come back.
. "$LIB"
for kernel in no_gdt no_gdt_multiboot no_gdt_multiboot2; do
  echo "$kernel"
  status "$GDBVM" --run --gdb none "$GUEST/$kernel.elf" 2>/dev/null
done
