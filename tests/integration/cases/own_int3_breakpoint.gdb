# A breakpoint on the guest's own int3 stops there; without it, a step there enters the guest's #BP handler. (With it gdb
# itself skips the int3, which it considers a permanent breakpoint.)
# guest: int3_own.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
set $at = (unsigned char *)own_int3
while *$at != 0xcc
  set $at = $at + 1
end
break *$at
continue
print $pc == (unsigned long)$at
print breakpoints_seen
delete
stepi
info symbol $pc
print/x *$at
continue
