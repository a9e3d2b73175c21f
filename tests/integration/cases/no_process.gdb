# After detach there are no threads, so gdb takes nothing for a process; attach finds the guest that runs on.
# guest: counter.elf
# connect: unix
# args: --on-detach run
connect_extended
break count
continue
detach
info threads
attach 1
info threads
delete
tbreak count if counter > 1
continue
print counter > 1
detach
info threads
attach 1
info threads
kill
