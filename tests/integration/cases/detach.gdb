# After detach the guest keeps running; after attaching again everything is sane and no breakpoint is left; kill ends it.
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
