# Keys by name and a long text reach the guest's handler, none of them lost, also while it is stopped and stepped.
# guest: keyboard.elf
connect
tbreak wait
continue
monitor sendkey shift-g
monitor type db types \\ more than the 16 bytes of the keyboard's buffer, in lower case and in UPPER CASE, while it stands still
tbreak on_key if length > 8
continue
stepi 5
monitor type  ... and then\n
continue
