# Another address space without switching to it, until it is switched off or gdb leaves.
# guest: higher_half.elf
# connect: unix
# args: --on-detach stop
connect
break where
continue
delete
echo \n--- own page tables\n
print/x value
monitor cr3
echo \n--- tables made by hand, in which 0x100000 is physical 0x2300000\n
set var *(unsigned long*)0x2000000 = 0x2001007
set var *(unsigned long*)0x2001000 = 0x2002007
set var *(unsigned long*)0x2002000 = 0x2200087
set var *(unsigned long*)0x2300000 = 0xabcdef
monitor cr3 0x2000000
x/gx 0x100000
monitor x /1gx 0x100000
monitor pt 0x100000
set var *(unsigned long*)0x100008 = 0x1234
echo \n--- and back\n
monitor cr3 off
print/x value
x/gx 0x2300008
echo \n--- not in the next connection\n
monitor cr3 0x2000000
disconnect
connect
monitor cr3
print/x value
kill
