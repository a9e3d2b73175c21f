# `break kernel_main` before the first instruction, in protected mode, where its address is not mapped: hit once.
# guest: paging_late64.elf
# args: --mode protected
connect
print $cr0
break kernel_main
continue
bt
print $efer
continue
