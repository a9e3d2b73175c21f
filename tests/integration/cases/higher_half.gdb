# A kernel linked at -2 GiB starts at its own symbols.
# guest: higher_half.elf
connect
print/x $pc
info symbol $pc
break where
continue
bt
finish
print/x value
x/gx (char*)&value - 0xffffffff80000000 + 0x100000
continue
