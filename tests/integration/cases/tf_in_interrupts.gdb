# Interrupts that arrive while the guest is continued by steps save no trap flag of ours: the guest counts those that do.
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
