x/3i 0
stepi
print $rax
break *3
continue
continue
print $rax
set var $rax = 77
stepi 3
print $rax
x/1xb 100
