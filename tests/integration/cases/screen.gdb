# What a guest writes to the display's memory is on its screen, where its registers say.
# needs: long.execute_register=true
# guest: screen.elf
connect
break printed
break scrolled
continue
echo === printed\n
monitor screen
continue
echo === scrolled\n
monitor screen
continue
