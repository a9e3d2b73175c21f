# What a guest finds out about the linear framebuffer, by PCI and by Bochs's registers.
# needs: long.execute_register=true
# guest: linear.elf
connect
break drawn
continue
continue
delete
continue
