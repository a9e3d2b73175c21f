# A foreign image, loaded flat: memtest86+ past its boot sectors, entered at its 32-bit entry point, stepped
# 1,000 instructions. Its setup header is then at 0xffa00, its 32-bit code at 1 MiB.
# guest: /boot/memtest86+ia32.bin
# symbols: none
# args: --boot flat --mode protected --load 0xffa00
# needs: /boot/memtest86+ia32.bin
connect
print/x *(unsigned int*)0xffc02
set $esp = 0x90000
set $esi = 0xffa00
set $pc = 0x100000
x/4i $pc
stepi 1000
info registers
x/8i $pc
bt 2
kill
