# A condition that is false 10,000 times is evaluated in gdbvm and causes no stop.
# guest: counter.elf
# repeat: 10000 500
# timeout: 60
connect
set breakpoint condition-evaluation target
eval "break count if counter == %d", $repeat
continue
print counter == $repeat
monitor info stops
