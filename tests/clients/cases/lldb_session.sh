# A source-level session: breakpoints by name, steps, variables, a backtrace through an exception handler, and the end.
# variants: lldb-14 lldb-19
# timeout: 60
. "$CLIENTS/lib.sh"
lldb_session demo.elf <<'COMMANDS'
settings set target.trap-handler-names on_invalid_opcode
gdb-remote ADDRESS
breakpoint set --name run_task
continue
bt
frame variable
next
thread step-inst
next
step
breakpoint set --name distance
continue
finish
print tasks[1]
expression rounds = 2
breakpoint set --file demo.c --line 67
breakpoint set --name on_invalid_opcode
continue
step
continue
bt
frame select 1
thread step-out
process status
disassemble --pc --count 2
process kill
COMMANDS
