# A register written by the debugger is the one the guest uses; so is a variable.
# guest: protected32.elf
connect
break add
continue
finish
set $eax = 4711
break area
continue
set var corner->x = 100
print *corner
print $eip == area || $eip > area
continue
