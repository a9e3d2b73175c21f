# Debian's stock kernel boots from its bzImage, finds its CPUs by ACPI, writes to the serial port, reads from it, powers
# off, and reboots. Only the testbed has the kernel, and mainline KVM.
# needs: /linux/vmlinuz asked-for
# timeout: 600
. "$LIB"
linux_limits
boot() {
  append=$1
  shift
  status "$GDBVM" --run --gdb none --memory 192M --initrd /linux/initrd --append "console=ttyS0 $append$emulator" \
    "$@" /linux/vmlinuz 2>&1
}
boot "quiet" --cpus "$cpus" >"$WORK/first"
cat "$WORK/first"
grep -q "^init: CPUs $cpus.\$" "$WORK/first" && echo "all CPUs were found"
boot "quiet reboot-once"
# Linux discards input that arrives before a driver has opened the port.
mkfifo "$WORK/line"
boot "quiet echo-a-line" <>"$WORK/line" >"$WORK/last" &
until wait_for "$WORK/last" "waiting for a line" 2>/dev/null; do :; done
echo "a line from the host" >"$WORK/line"
wait
cat "$WORK/last"
