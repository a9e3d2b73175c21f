# A condition that is false 10,000 times is evaluated in gdbvm and stops nobody.
# guest: counter.elf
# timeout: 60
connect
set breakpoint condition-evaluation target
break count if counter == 10000
continue
print counter
monitor info stops
