# Backwards: hardware breakpoints, conditions, read, access and write watchpoints of several lengths.
# needs: long.execute_register=true fast-host
# guest: stray_write.elf
# args: --history 256M
# timeout: 120
connect
break found_broken
continue
delete
echo --- hbreak\n
hbreak note_tick if ticks == 28
reverse-continue
print ticks
delete
echo --- rwatch\n
rwatch shared.magic
monitor goto end
maintenance flush register-cache
reverse-continue
x/i $pc
delete
echo --- awatch\n
awatch ticks
reverse-continue
x/i $pc
reverse-continue
delete
echo --- part of it\n
watch *(char*)&shared.magic
reverse-continue
print/x shared.magic
delete
echo --- a condition\n
watch ticks if ticks == 12
reverse-continue
print ticks
