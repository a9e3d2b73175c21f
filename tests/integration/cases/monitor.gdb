# The monitor commands.
# guest: demo.elf
connect
monitor help
echo \n--- registers\n
monitor info registers
break run_task
continue
echo \n--- exits\n
monitor exits
echo \n--- reset\n
monitor system_reset
maintenance flush register-cache
info symbol $pc
continue
bt 1
delete
monitor quit
