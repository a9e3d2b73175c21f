# The session of tools/demo. $remote is gdbvm's address.
set pagination off
set confirm off
set width 120
set trace-commands on
eval "target remote %s", $remote
info symbol $pc
break run_task
continue
backtrace
print *task
next
next
tbreak distance
continue
step
finish
echo \n# Two values the guest is about to print: a variable, and the register with the result just returned.\n\n
set var task->runs = 1000
set $rax = 42
tbreak on_invalid_opcode
continue
print *frame
backtrace
info registers
tbreak heartbeat
continue
print ticks
echo \n# Detach: the guest keeps running. Attach again: its timer has ticked.\n\n
detach
shell sleep 1
eval "target remote %s", $remote
print ticks > 0
backtrace 1
kill
