# A boot sector stepped from its first instruction in stock gdb; a breakpoint by name in real mode.
# guest: bootsector.bin
# symbols: bootsector.elf
connect
set architecture i8086
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
finish
delete
break *&counter
hbreak *&halt
print (short)counter
continue
