# What is watched lies in the page of a stack, of an sgdt's operand and of a GDT: the guest does what it does without.
# guest: watch_accesses.elf
connect
watch *(int *)&counter
awatch *(int *)&unused
continue
continue
continue
