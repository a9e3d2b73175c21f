# Each reverse command of gdb, over calls, a loop and port I/O; what was printed is not printed again.
# needs: long.execute_register=true fast-host
# guest: stray_write.elf
# args: --history 256M
# timeout: 180
connect
break found_broken
continue
reverse-finish
reverse-next
reverse-step
printf "ticks %lu\n", ticks
tbreak note_tick if ticks == 25
reverse-continue
printf "ticks %lu\n", ticks
reverse-finish
stepi
next
finish
monitor when
monitor goto begin
maintenance flush register-cache
printf "at the start: %d\n", $pc == _start
reverse-stepi
continue
monitor goto end
continue
