# Every register shows the value that the guest set, and a value set here changes that register alone.
# guest: registers.elf
connect
break loaded
continue
info registers
print $cr2
print $efer
p/x $fs_base
p/x $gs_base
p/x $k_gs_base
set $rbx = 0xb0b
set $r12 = 0xc0c
set $fs_base = 0xf50
stepi
p/x $rbx
p/x $r12
p/x $fs_base
p/x $rbp
p/x $r13
p $cr0
p $cr4
p $rip == loaded
x/2i $pc
info registers eflags
