# next, step and finish in C code at CPL 3, a breakpoint there whose condition is never true, and a step into the kernel.
# guest: user_mode.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
break user_main
continue
print $cs & 3
next
step
next
print $cs & 3
finish
break user_work if times == 7
stepi
info symbol $pc
print $cs & 3
continue
