# After detach the guest runs on; attach again and everything is sane, with no breakpoint left behind; kill ends it.
# guest: counter.elf
# connect: unix
# status: 0
connect
break count
continue
print counter
detach
shell . "$LIB"; wait_for "$WORK/serial" "started"
delete
connect
print counter > 1
print/x *(unsigned char*)count
break count
continue
info breakpoints
kill
