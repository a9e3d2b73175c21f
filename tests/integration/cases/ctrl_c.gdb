# Ctrl-C stops a guest that spins, and one that sleeps in hlt.
# guest: hlt_loop.elf
connect
shell (. "$LIB"; wait_for "$WORK/serial" started; kill -INT "$PPID") >/dev/null 2>&1 &
continue
bt
tbreak on_timer if ticks > 0
continue
print ticks > 0
set var finished = 1
continue
