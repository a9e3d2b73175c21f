# COM2 both ways on a socket, beside COM1: IRQ 3 wakes the guest, and its reply arrives.
# needs: python3
import os
import subprocess

import rsp

path = os.environ["WORK"] + "/com2"
vm = subprocess.Popen([os.environ["GDBVM"], "--run", "--gdb", "none", "--serial2", "unix:" + path,
                       os.environ["GUEST"] + "/second_serial.elf"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE, text=True)
try:
    print(vm.stderr.readline())
    with rsp.unix_stream(path) as stream:
        stream.sendall(b"ping\n\x04")
        reply = b""
        while part := stream.recv(4096):
            reply += part
    print("com2:", reply)
    print("com1:", vm.stdout.read())
    print("status", vm.wait())
finally:
    vm.kill()
    vm.wait()
