# An ISO of GRUB's with a kernel on it: debugged from the firmware's first instruction to the kernel, which prints on the
# screen and is typed to.
# needs: grub-mkrescue
# timeout: 240
. "$LIB"
mkdir -p "$WORK/tree/boot/grub"
cp "$GUEST/text_kernel.elf" "$WORK/tree/boot/kernel"
printf 'multiboot /boot/kernel\nboot\n' >"$WORK/tree/boot/grub/grub.cfg"
grub-mkrescue -o "$WORK/os.iso" "$WORK/tree" >"$WORK/mkrescue" 2>&1 || cat "$WORK/mkrescue"

start_vm "$WORK/os.iso"
# shellcheck disable=SC2016  # gdb's $pc
gdb_session "$GUEST/text_kernel.elf" 'x/i $pc' 'hbreak kernel_main' 'continue' 'backtrace 1' 'tbreak key' 'continue' \
  'monitor screen' 'delete' 'monitor type hello, grub' 'tbreak print if text[0] == 98' 'continue' 'monitor type \n' \
  'tbreak print if text[1] == 107' 'continue' 'finish' 'monitor screen' 'continue' 2>&1
cat "$WORK/stderr"
status wait "$vm_pid"
