# Ctrl-C stops a guest that spins, and one that sleeps in hlt.
# guest: hlt_loop.elf
connect
shell (. "$LIB"; wait_for "$WORK/serial" ticking; kill -INT "$PPID") >/dev/null 2>&1 &
continue
print ticks > 0
bt
set var finished = 1
continue
