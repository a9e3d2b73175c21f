# Debian's stock kernel, with its own virtio drivers, has its root file system on a disk and finds there what the previous
# boot has written; it also finds the source of entropy by ACPI.
# needs: /linux/root.ext4 asked-for
# timeout: 600
. "$LIB"
linux_limits
cp /linux/root.ext4 "$WORK/disk"
for _ in first second; do
  status "$GDBVM" --run --gdb none --memory 192M --cpus "$cpus" --initrd /linux/initrd --disk "$WORK/disk" \
    --append "console=ttyS0 quiet root-on-disk$emulator" /linux/vmlinuz 2>&1
done
