# An NMI on demand, to a guest with interrupts off, and to a CPU that does not exist.
# guest: nmi.elf
# needs: step_enters_handler=true|long.execute_register=true
# args: --cpus 2
# gdb-status: 1
connect
tbreak put_string
continue
tbreak on_nmi
monitor nmi
continue
bt 2
finish
print nmis
monitor nmi 2
