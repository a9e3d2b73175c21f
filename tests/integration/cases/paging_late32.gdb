# The same with 32-bit paging: kernel_main at 3 GiB.
# guest: paging_late32.elf
# needs: legacy_paging=true
connect
break kernel_main
continue
bt
continue
