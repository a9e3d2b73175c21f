# --trace kvm shows the whole ioctl chain in order, and the guest's greeting.
. "$LIB"
status "$GDBVM" --trace kvm --run --gdb none "$GUEST/hello.elf" 2>&1
"$GDBVM" --trace "kvm:$WORK/trace" --run --gdb none "$GUEST/hello.elf" 2>&1
grep -c KVM_ "$WORK/trace" | sed 's/[1-9][0-9]*/lines in the file/'
