# Port I/O of every size, in and out, and rep outsb: backwards and on again they answer what they answered, and nothing is
# printed twice.
# needs: long.execute_register=true fast-host
# guest: io.elf
# args: --history 64M
# timeout: 180
connect
break write_string
continue
finish
delete
python
def state():
    gdb.execute("maintenance flush register-cache", to_string=True)
    values = [int(gdb.parse_and_eval(e)) for e in ("(long)$pc", "$rax", "$rcx", "$rsi", "scratch", "unclaimed[0]",
                                                   "unclaimed[1]", "unclaimed[2]")]
    return tuple(values)
def walk(command, count):
    states = [state()]
    for _ in range(count):
        gdb.execute(command, to_string=True)
        states.append(state())
    return states
back = walk("reverse-stepi", 150)
on = walk("stepi", 150)
print("the same both ways:", back == on[::-1])
print("answers on the way:", [len({each[i] for each in back}) for i in range(4, 8)])
end
watch unclaimed[2]
reverse-continue
watch scratch
reverse-continue
delete
continue
continue
shell grep -c "rep outsb" "$WORK/serial"
