# The console 0xe9 is the serial port's output, and each emulator's way to end the machine ends it. A port that another
# device has is refused.
. "$LIB"
for guest in debug_ports debug_ports_b004 debug_ports_604 debug_ports_8900; do
  echo "$guest:"
  # shellcheck disable=SC2153  # GUEST is the folder
  status "$GDBVM" --run --gdb none "$GUEST/$guest.elf" 2>/dev/null
done
"$GDBVM" --run --gdb none --debug-console "file:$WORK/console" "$GUEST/debug_ports.elf" 2>/dev/null
sed 's/^/in the file: /' "$WORK/console"
echo "with --debug-exit:"
status "$GDBVM" --run --gdb none --debug-exit 0x501 "$GUEST/debug_ports_501.elf" 2>/dev/null
"$GDBVM" --run --gdb none --debug-exit 0x3f6 "$GUEST/hello.elf" 2>&1
expect_refusal "no port" "'0x10000' is not a port" --debug-exit 0x10000 "$GUEST/hello.elf"
