# After detach the guest keeps running; after attaching again everything is sane and no breakpoint is left; kill ends it.
# guest: counter.elf
# connect: unix
# status: 0
connect
break kernel_main
break *count
continue
print counter
detach
shell . "$LIB"; wait_for "$WORK/serial" "started"
delete
connect
print/x *(unsigned char*)count
tbreak count if counter > 0
continue
print counter > 0
break count
continue
info breakpoints
kill
