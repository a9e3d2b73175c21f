# Standard streams that are closed, full or without a reader: the guest runs normally, and no other file gets their bytes.
. "$LIB"
disk=$WORK/disk
run() { timeout 20 "$GDBVM" --run --gdb none "$@" "$GUEST/hello.elf"; }

# disk_is_untouched
disk_is_untouched() {
  [ "$(wc -c <"$disk")" -eq 65536 ] && [ "$(tr -d '\0' <"$disk" | wc -c)" -eq 0 ] && echo "the disk is untouched"
}

truncate -s 64K "$disk"
echo "stdout closed"
(run --disk "$disk" >&- 2>/dev/null; echo "status $?" >"$WORK/status")
cat "$WORK/status"
disk_is_untouched
echo "stderr closed"
status run --disk "$disk" 2>&-
disk_is_untouched
echo "stdin closed"
status run <&- 2>/dev/null
echo "all closed"
(run --disk "$disk" --serial "file:$WORK/serial" <&- >&- 2>&-; echo "status $?" >"$WORK/status")
cat "$WORK/status"
disk_is_untouched
cat "$WORK/serial"
echo "stderr full"
status run 2>/dev/full
echo "stdout full"
run >/dev/full 2>/dev/null
echo "status $?"
echo "stderr without a reader"
{ run 2>&1 >/dev/null; echo "status $?" >"$WORK/status"; } | true
cat "$WORK/status"
echo "an answer without a reader"
{ "$GDBVM" --help; echo "status $?" >"$WORK/status"; } | true
cat "$WORK/status"
echo "a refusal to nobody"
status "$GDBVM" --gdb none nothing 2>/dev/full
echo "a limit on the size of files"
(ulimit -f 0; run --serial "file:$WORK/limited" 2>&1; echo "status $?") | grep -v 'is a 64-bit ELF'
