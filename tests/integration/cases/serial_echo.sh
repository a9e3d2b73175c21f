# The serial port both ways: IRQ 4 wakes a sleeping guest, its answer comes back.
. "$LIB"
printf 'ping\004' | status "$GDBVM" --run --gdb none --serial stdio "$GUEST/echo.elf" 2>&1
