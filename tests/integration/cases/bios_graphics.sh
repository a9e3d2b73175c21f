# The BIOS's graphics modes, by the VGA BIOS that SeaBIOS finds for the PCI function: mode 13h, VBE's linear framebuffer
# where the function has it, and text again, in the font that the BIOS has loaded.
# needs: /usr/share/seabios/bios-256k.bin
# timeout: 120
. "$LIB"
start_vm "$GUEST/bios_modes.bin"
gdb_session "$GUEST/bios_modes.elf" 'tbreak *0x7c00' 'continue' 'monitor screen' 'tbreak *&packed' 'continue' \
  "monitor screendump $WORK/packed.png" 'tbreak *&linear' 'continue' "monitor screendump $WORK/linear.png" \
  'output/x *(unsigned*)0x8028' 'echo \n' 'tbreak *&text' 'continue' "monitor screendump $WORK/text.png" 'continue' 2>&1
status wait "$vm_pid"
