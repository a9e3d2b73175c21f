# A breakpoint by virtual address, in code at CPL3 that is at a different physical address for each CPU.
# guest: user_spaces.elf
# args: --cpus 2
# needs: long.execute_register=true
# repeat: 40 8
connect
break other_counts
continue
delete
break *0x40000000
set $seen = 0
set $i = 0
while $i < $repeat || ($seen != 6 && $i < 10 * $repeat)
  continue
  set $seen = $seen | (1 << $_thread)
  set $i = $i + 1
end
printf "threads seen %d\n", $seen
thread apply all -q -s printf "CPL %d\n", $cs & 3
delete
set var limit = 0
continue
