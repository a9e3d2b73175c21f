set pagination off
python
def fails(command):
    try:
        gdb.execute(command)
    except gdb.error as error:
        print("error:", error)
end
echo -- threads\n
info threads
x/3i $pc
stepi
echo -- break\n
break *0x1040
continue
p $rdx
x/3xb 0x1040
delete
echo -- watch\n
watch *(long*)0x3000
continue
rwatch *(long*)0x3008
continue
delete 2 3
awatch *(long*)0x3008
continue
delete
echo -- registers\n
p $xmm1.uint128 = 5
p $xmm1
p $eflags
p $eflags = 0x40
python fails("p $fop = 3")
echo -- memory\n
info mem
set var *(long*)0x3200 = 0x1122334455667788
x/gx 0x3200
x/gx 0x20000
python fails("x/gx 0x40000000")
find 0x3000, +0x200, (char)'h', (char)'e', (char)'l'
echo -- monitor\n
monitor help
python fails("monitor bad")
echo -- threads and history\n
thread 2
stepi
reverse-stepi
thread 1
echo -- conditions\n
break *0x1040 if $rdx == 5
continue
p $rdx
delete
set var $rcx = 7
dprintf *0x1007,"rcx=%d %s\n", (int)$rcx, (char*)0x3100
set dprintf-style agent
break *0x1012 if *(long*)0x3000 == 12
continue
delete
echo -- the end\n
jump *0x10c0
