# Debian's stock kernel, which no one here wrote: boots from its bzImage, finds its CPUs by ACPI, talks on the serial
# port, reads from it, powers off, and reboots. The testbed alone brings it, to where mainline KVM is.
# needs: /linux/vmlinuz
# timeout: 600
. "$LIB"
boot() {
  append=$1
  shift
  status "$GDBVM" --run --gdb none --memory 192M --initrd /linux/initrd --append "console=ttyS0 $append" "$@" /linux/vmlinuz 2>&1
}
boot "quiet" --cpus 2
boot "quiet reboot-once"
echo "a line from the host" | boot "quiet echo-a-line"
