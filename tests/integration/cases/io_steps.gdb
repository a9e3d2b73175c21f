# Steps over in, out and rep outsb: exact registers, each byte printed once.
# guest: io.elf
connect
tbreak in8
continue
finish
tbreak write_string
continue
while *(unsigned char*)$pc != 0xf3
  stepi
end
print $rcx
stepi
while *(unsigned char*)$pc == 0xf3
  stepi
end
print $rcx
print (char*)$rsi - text
continue
