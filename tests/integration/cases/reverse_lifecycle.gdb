# In the past: a restart, a snapshot, a change that begins a new future, and the end.
# needs: long.execute_register=true fast-host
# guest: stray_write.elf
# args: --history 256M
# timeout: 120
connect_extended
tbreak note_tick if ticks == 3
continue
monitor savevm three
tbreak note_tick if ticks == 6
continue
reverse-finish
monitor when
echo --- loadvm\n
monitor loadvm three
maintenance flush register-cache
maintenance flush dcache
print ticks
monitor when
reverse-stepi
tbreak note_tick if ticks == 5
continue
reverse-stepi
echo --- a new future\n
reverse-next
set variable ticks = 20
print ticks
tbreak note_tick if ticks == 22
continue
print ticks
echo --- restart\n
reverse-stepi
starti
print $pc == _start
print ticks
reverse-stepi
tbreak kernel_main
continue
reverse-stepi
kill
