# A boot sector stepped from its first instruction in stock gdb; a breakpoint by name in real mode.
# guest: bootsector.bin
# symbols: bootsector.elf
# args: --boot flat
connect
print/x $pc
x/i $pc
stepi
stepi
print/x $ax
x/i $pc
print/x *(unsigned short*)0x7dfe
break *&print
continue
print/x $esp
print/x $bx
x/s $si
delete
hbreak *0x7c1c
continue
print *(short*)&counter
continue
