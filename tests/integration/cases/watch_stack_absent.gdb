# As watch_stack, with the page absent: reads leave the guest as well, as those of a far return.
# guest: watch_stack.elf
connect
awatch *(int *)&counter
awatch *(short *)&pushed_selector
continue
continue
continue
continue
continue
continue
continue
