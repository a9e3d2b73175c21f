# Who has broken a number, long before that was noticed: a watchpoint backwards stands at the culprit.
# needs: long.execute_register=true fast-host
# guest: stray_write.elf
# args: --history 256M
# timeout: 180
connect
break found_broken
continue
watch -l shared.magic
reverse-continue
printf "magic %#lx at tick %lu\n", shared.magic, ticks
backtrace
frame 1
stepi
printf "then %lu\n", shared.magic
continue
continue
