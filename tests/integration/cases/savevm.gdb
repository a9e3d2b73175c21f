# A snapshot taken by name: registers and memory that change later are as they were, with breakpoints set all the time.
# guest: counter.elf
# gdb-status: 1
connect
break count
continue
monitor savevm here
set $there = $pc
set $rax_there = $rax
set var limit = 7
set $rax = 0x1234
stepi 20
monitor info snapshots
monitor loadvm here
maintenance flush dcache
maintenance flush register-cache
print $pc == $there && $rax == $rax_there
print limit
continue
print counter
monitor savevm
monitor loadvm here
maintenance flush dcache
maintenance flush register-cache
print counter
monitor delvm here
monitor info snapshots
monitor loadvm here
