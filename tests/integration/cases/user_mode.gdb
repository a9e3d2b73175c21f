# Breakpoints in CPL3 code and in the kernel that it calls.
# guest: user_mode.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
break user_work
break on_system_call
continue
print $cs & 3
bt 1
continue
print $cs & 3
delete
continue
