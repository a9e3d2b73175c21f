# Interrupts that arrive while the guest is continued by steps do not save a trap flag of gdbvm; the guest counts any that do.
# guest: waits.elf
# needs: user.single_step=false
# timeout: 60
connect
hbreak *0x800000000
hbreak *0x800000001
hbreak *0x800000002
hbreak *0x800000003
hbreak *0x800000004
continue
