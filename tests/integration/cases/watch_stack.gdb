# What is watched lies in the page of a 64-bit stack: a far call and a fault push all they do without.
# guest: watch_stack.elf
connect
watch *(int *)&counter
watch *(short *)&pushed_selector
continue
continue
continue
continue
