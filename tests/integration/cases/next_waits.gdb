# `next` over loops that wait for an interrupt returns: steps hold interrupts off, but let them in if nothing changes.
# guest: waits.elf
# needs: step_enters_handler=true|long.execute_register=true
# timeout: 60
connect
break waits.c:21
continue
next
print ticks >= 20
next
next
print ticks >= 30
watch $r15
continue
