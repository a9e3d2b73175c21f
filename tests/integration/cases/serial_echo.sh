# The serial port both ways: IRQ 4 wakes a sleeping guest, and its reply arrives.
. "$LIB"
printf 'ping\004' | status "$GDBVM" --run --gdb none --serial stdio "$GUEST/echo.elf" 2>&1
