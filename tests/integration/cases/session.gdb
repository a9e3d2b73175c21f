# The everyday commands on the demo kernel: by name, with source lines, arguments and locals.
# guest: demo.elf
# connect: pipe
connect
echo \n--- first instruction\n
info symbol $pc
break run_task
continue
echo \n--- backtrace\n
backtrace
info args
print *task
next
next
info locals
step
echo \n--- finish\n
tbreak distance
continue
finish
echo \n--- change a variable\n
print task->runs
set var task->runs = 1234
set $rax = 99
tbreak raise_exceptions
continue
kill
