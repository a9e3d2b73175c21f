# Ctrl-C while the guest goes back, also before it has begun: it stands where it did, and nothing else comes of it. A monitor
# command that goes back is given up the same way.
# needs: long.execute_register=true fast-host
# timeout: 60
import os
import subprocess

import rsp

vm = subprocess.Popen([os.environ["GDBVM"], "--history", "256M", "--serial", "none", "--gdb", "unix:gdb",
                       os.environ["GUEST"] + "/timer.elf"], stderr=subprocess.PIPE, text=True)
vm.stderr.readline()
work, never = rsp.symbols(os.environ["GUEST"] + "/timer.elf", "work", "put_unsigned")
try:
    stream = rsp.unix_stream("gdb")
    client = rsp.Client.on(stream)
    client.ask("qSupported:error-message+")
    for _ in range(100):
        client.ask(f"Z0,{work:x},1")
        client.resume("vCont;c")
        client.ask(f"z0,{work:x},1")
        client.resume("vCont;s:1")
    place = client.ask("g")
    client.ask(f"Z0,{never:x},1")  # with nothing to stop at, the way would be over at once
    for round in range(20):
        stream.sendall(rsp.packet("bc") + b"\x03")
        stop = client.reply()
        if not stop.startswith("T02") or client.ask("g") != place:
            print(f"round {round}: {stop}")
    command = "who-wrote 0x1000"  # which nothing does
    stream.sendall(rsp.packet("qRcmd," + command.encode().hex()) + b"\x03")
    print("who-wrote:", client.reply())
    print("there:", client.ask("g") == place)
    print("a step:", client.resume("vCont;s:1")[:3])
    print("and back:", client.resume("bs")[:3], client.ask("g") == place)
finally:
    vm.kill()
