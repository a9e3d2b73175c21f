# CPL 3: reads of a page with an access watchpoint on another variable, one after the other, all get their value.
# guest: user_watch.elf
connect
tbreak *&reads
continue
awatch watched[0]
tbreak *&reads_done
continue
continue
