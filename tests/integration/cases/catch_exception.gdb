# Every exception of the guest stops before its handler runs, from the first one after the IDT is loaded.
# guest: faults.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
monitor catch exception all
continue
bt 2
continue
continue
continue
monitor catch exception none
continue
