# Back over the switch to paging and into what is mapped by it: a breakpoint at an address that is not mapped before.
# needs: long.execute_register=true fast-host
# guest: paging_late64.elf
# args: --mode protected --history 64M
# timeout: 180
connect
break kernel_main
continue
print $efer
reverse-stepi
reverse-stepi
info symbol $pc
delete
reverse-continue
print $cr0
print $efer
break kernel_main
continue
print $efer
