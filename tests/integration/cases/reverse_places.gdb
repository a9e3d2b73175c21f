# Places by name: who has written something, marks, positions that are written down, steps after an event; history off.
# needs: long.execute_register=true fast-host
# guest: stray_write.elf
# args: --history 256M
# timeout: 300
connect
break found_broken
continue
monitor info history
monitor mark crash
python
def flush():
    gdb.execute("maintenance flush register-cache", to_string=True)
    gdb.execute("maintenance flush dcache", to_string=True)
def state():
    flush()
    return [str(gdb.parse_and_eval(e)) for e in ("$pc", "$rsp", "$eflags", "ticks", "work_done", "shared.magic")]
def run(command):
    gdb.execute("monitor " + command)
def position():
    return gdb.execute("monitor when", to_string=True).split(" at ")[1].split(",")[0]
magic = int(gdb.parse_and_eval("(unsigned long)&shared.magic"))
crash, end = state(), position()
run("who-wrote %#x 8" % magic)
print("back at", state()[0], "with", state()[5])
culprit, written = state(), position()
try:
    run("who-wrote %#x 8" % magic)
except gdb.error:
    print("refused, and where it was:", state() == culprit)
run("goto crash")
print("the mark:", state() == crash)
run("goto " + written)
print("the position:", state() == culprit)
run("goto end")
print("the end:", state() == crash)
run("goto begin")
run("goto " + end)
print("the end as a position:", state() == crash)
run("goto 1+3")
stepped = state()
gdb.execute("reverse-stepi 3", to_string=True)
run("goto begin")
print("at the beginning:", state()[0])
gdb.execute("stepi 3", to_string=True)
print("three steps:", state() == stepped)
for nowhere in ("goto 7000", "goto nowhere", "goto 2+0.0.0123456789abcdef", "history off"):
    before = state()
    try:
        run(nowhere)
    except gdb.error:
        print("still there:", state() == before)
run("goto end")
run("history off")
run("info history")
gdb.execute("reverse-stepi")
run("history on")
run("info history")
end
continue
