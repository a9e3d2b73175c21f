# A foreign image, loaded flat: SeaBIOS at the top of the first MiB, stepped 1,000 instructions.
# guest: /usr/share/seabios/bios.bin
# symbols: none
# args: --mode real --load 0xe0000
# needs: /usr/share/seabios/bios.bin
connect
set $cs = 0xf000
set $pc = 0xffff0
x/2i $pc
stepi 1000
info registers
x/8i $pc
x/8xb 0xffff0
kill
