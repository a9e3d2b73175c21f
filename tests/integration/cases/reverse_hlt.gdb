# Over a hlt and the wake from it: the interrupt's delivery is a step of its own, backwards too.
# needs: long.execute_register=true fast-host
# guest: hlt_loop.elf
# args: --history 64M
# timeout: 180
connect
break on_timer if ticks == 4
continue
delete
python
def state():
    return tuple(int(gdb.parse_and_eval(e)) for e in ("(long)$pc", "(long)$rsp", "ticks"))
def walk(command, count):
    states = [state()]
    for _ in range(count):
        gdb.execute(command, to_string=True)
        states.append(state())
    return states
back = walk("reverse-stepi", 60)
on = walk("stepi", 60)
print("the same both ways:", back == on[::-1])
print("ticks on the way:", sorted({ticks for _, _, ticks in back}))
end
tbreak kernel_main
reverse-continue
print ticks
tbreak on_timer if ticks == 2
continue
print ticks
reverse-finish
x/i $pc
