# The same with PAE: kernel_main at 3 GiB.
# guest: paging_late_pae.elf
# needs: legacy_paging=true
connect
break kernel_main
continue
bt
continue
