# `run` after a detach starts the guest over that has run on.
# guest: counter.elf
# connect: unix
# args: --on-detach run
connect_extended
tbreak count if counter > 0
continue
print counter > 0
detach
info threads
break count
run
print counter
info threads
kill
