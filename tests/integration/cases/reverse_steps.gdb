# Every instruction back, and on again, through code that a 1 kHz timer interrupts: the same places both ways.
# needs: long.execute_register=true fast-host
# guest: timer.elf
# args: --history 256M
# timeout: 180
connect
break work if ticks > 20
continue
python
def place():
    return (int(gdb.parse_and_eval("(unsigned long)$pc")), int(gdb.parse_and_eval("(unsigned long)$rsp")),
            int(gdb.parse_and_eval("(unsigned long)$rax")), int(gdb.parse_and_eval("ticks")),
            int(gdb.parse_and_eval("work_done")))
def walk(command, count):
    places = [place()]
    for _ in range(count):
        gdb.execute(command, to_string=True)
        places.append(place())
    return places
back = walk("reverse-stepi", 400)
on = walk("stepi", 400)
print("the same both ways:", back == on[::-1])
print("all different:", len(set(back)) == len(back))
end
