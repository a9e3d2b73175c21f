# Memory by virtual address: written, read back, used by the guest; an unmapped address is an error that says why.
# guest: counter.elf
# gdb-status: 1
connect
break count
continue
set var limit = 3
print limit
print *(unsigned long*)&limit
x/3i count
print/x *(unsigned char*)count == 0x55
find /b &_start, +64, 0xf4
x/gx 0x700000000000
