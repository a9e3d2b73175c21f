# From real through protected to long mode under the debugger: breakpoints planted at the start are hit in each mode.
# guest: modes.bin
# symbols: modes.elf
# args: --boot flat
connect
print/x $pc
break *&protected_mode
break *&long_mode
continue
print $cr0
continue
print $efer
print $cr0
stepi
stepi
print/x $pc - (long)&long_mode
continue
