# The session of tools/demo. $remote is gdbvm's address. A stop that is not where it should be ends it with an error.
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
info locals
tbreak distance
continue
step
finish
set var task->runs = 1000
set var task->position.y = 0
tbreak factorial
set var far = 41
tbreak raise_exceptions
continue
tbreak on_invalid_opcode
continue
print *frame
set $rax = 0x1234
info registers
delete
tbreak heartbeat
continue
print ticks
detach
shell sleep 1
eval "target remote %s", $remote
print ticks > 0
backtrace 1
kill
