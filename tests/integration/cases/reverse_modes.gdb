# From long mode back to protected and real mode, and on again.
# needs: long.execute_register=true real.execute_register=true fast-host
# guest: modes.bin
# symbols: modes.elf
# args: --boot flat --history 64M
# timeout: 180
connect
break *&protected_mode
break *&long_mode
continue
continue
print $cr0
echo --- back\n
reverse-continue
print $cr0
reverse-stepi
print/x $pc
print $cr0
reverse-stepi
reverse-stepi
reverse-stepi
print $cr0
reverse-continue
print/x $pc
echo --- on\n
continue
continue
print $efer
delete
continue
