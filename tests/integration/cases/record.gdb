# gdb's own recording, which wants orig_rax: steps are taken back without any help of gdbvm's.
# guest: counter.elf
connect
break count
continue
set $start = $pc
record full
stepi
stepi
print $pc != $start
reverse-stepi
reverse-stepi
print $pc == $start
record stop
print/x $orig_rax
kill
