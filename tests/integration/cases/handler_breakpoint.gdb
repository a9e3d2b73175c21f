# A breakpoint at the entry of one exception's handler, after another exception has been handled by the guest.
# guest: demo.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
tbreak on_invalid_opcode
continue
print/x *(unsigned short*)frame->rip
print frame->rip - (unsigned long)raise_exceptions < 100
kill
