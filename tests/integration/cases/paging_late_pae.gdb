# The same with PAE: kernel_main at 3 GiB.
# guest: paging_late_pae.elf
# needs: legacy-paging
connect
break kernel_main
continue
bt
continue
