# A 32-bit ELF in stock gdb, from its first instruction: no `set architecture`, no "'g' packet reply is too long".
# guest: protected32.elf
connect
show architecture
print/x $cs & 3
print $cr0
x/i $pc
stepi
x/i $pc
stepi
stepi
x/2i $pc
info symbol $pc
info registers eip esp eflags
p $eip
break kernel_main
continue
bt
continue
