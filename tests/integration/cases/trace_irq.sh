# --trace irq shows each interrupt that a CPU takes: which, where and when, in the machine's time.
. "$LIB"
status "$GDBVM" --trace "irq:$WORK/trace" --run --gdb none --serial none "$GUEST/timer.elf"
awk '{ sub(",", "", $6); if ($4 != "0x20" || $6 !~ /^0x10/ || $7 <= last) print "bad: " $0; last = $7 }
     END { print (NR >= 500 ? "500 ticks or more" : NR " ticks") }' "$WORK/trace"
sed -n 1p "$WORK/trace"
