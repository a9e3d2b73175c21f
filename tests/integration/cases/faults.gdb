# Exceptions go to the guest's own handlers under a debugger, and a breakpoint there sees the frame.
# guest: faults.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
break on_page_fault
continue
print error_code
p/x $cr2
bt
continue
