# Out of a recursion backwards, call by call, and through it again; the crash that ends it is what one goes back from.
# needs: long.execute_register=true fast-host
# guest: triple_fault.elf
# args: --history 64M
# timeout: 180
connect
break crash if depth == 0
continue
echo --- finish\n
reverse-finish
print depth
reverse-finish
print depth
reverse-finish
frame function kernel_main
echo --- step\n
step
print depth
next
continue
print depth
delete
continue
echo --- from the crash\n
reverse-stepi
backtrace 3
tbreak crash if depth == 1
reverse-continue
print depth
