# 64-bit code in a 32-bit ELF file, as objcopy makes it for multiboot loaders: gdb with the 64-bit file connects, and
# gdbvm says what it is, even if the debugging information has been stripped.
# needs: objcopy
. "$LIB"
for strip in '' -S; do
  echo "--- container $strip"
  objcopy $strip -O elf32-i386 "$GUEST/paging_late64.elf" "$WORK/container"
  start_vm "$WORK/container"
  gdb_session "$GUEST/paging_late64.elf" 'break kernel_main' 'continue' 'print $rip' 'backtrace 1' 'kill' 2>&1
  grep -e 'is a 32-bit ELF file of' "$WORK/stderr"
  stop_vm
done
echo "--- 32-bit code"
start_vm "$GUEST/protected32.elf"
grep -e 'is a 32-bit ELF file of' "$WORK/stderr"
gdb_session "$GUEST/protected32.elf" 'print $eip' 'kill' 2>&1
stop_vm
