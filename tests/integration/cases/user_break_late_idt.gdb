# A breakpoint at CPL 3 that is set before the kernel has an IDT, where nothing leaves the guest until it is hit.
# guest: late_idt.elf
# needs: step_enters_handler=true|long.execute_register=true
# needs: fast-host
connect
break user_nop
continue
print $cs & 3
continue
