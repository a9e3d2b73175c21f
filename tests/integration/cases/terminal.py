# The serial port on a terminal: raw keys, the monitor prompt with a debugger connected, and the terminal restored after
# every kind of exit.
# timeout: 60
import os
import signal
import socket

from on_terminal import Run, started

GUEST = os.environ["GUEST"] + "/"

# Keys go to the guest unchanged, Ctrl-C included; the guest ends by itself.
run = started("--gdb", "none", GUEST + "echo.elf")
run.wait_for(b"ready")
run.type(b"ab\x03\x1a\x01\x01\x01z")
print("echo", run.wait_for(b"\x01z").replace(b"\r\n", b""))
run.type(b"\x04")
print("guest ends:", run.end())

# The prompt stops the guest, which stays stopped until the prompt resumes it.
run = started("--gdb", "none", GUEST + "hlt_loop.elf")
run.type(b"\x01cstop\r")


def vm_status():
    run.type(b"info status\r")
    run.wait_for(b"VM status: ")
    return run.wait_for(b"\n").strip().decode()


while vm_status() != "paused":
    pass
print("stopped:", vm_status())
run.type(b"cont\r")
print("cont:", vm_status())
run.type(b"catch exception all\r")
run.wait_for(b"no debugger is connected")
run.type(b"quit\r")
print("prompt's quit:", run.end())

run = started("--gdb", "none", GUEST + "counter.elf")
run.type(b"\x01h")
run.wait_for(b"Ctrl-A x    end")
run.type(b"\x01x")
print("Ctrl-A x:", run.end())

for name in "SIGTERM", "SIGINT", "SIGHUP", "SIGSEGV", "SIGABRT", "SIGKILL":
    run = started("--gdb", "none", GUEST + "counter.elf")
    os.kill(run.pid, getattr(signal, name))
    print(name + ":", run.end())

run = Run("--gdb", "none", "--run", GUEST + "no_such_image")
print("bad image:", run.end())

# A long list is shown whole, and Ctrl-C and Ctrl-A are heard while it, or a dump, is under way. Nobody reads meanwhile.
run = started("--memory", "64G", "--gdb", "none", GUEST + "many_pages.elf")
run.wait_for(b"mapped\r\n")
run.type(b"\x01cinfo tlb\r")
run.wait_for(b"info tlb\r\n")
print("pages:", run.lines_before(b"(gdbvm) "))
run.type(b"info tlb\r\x03")
run.wait_for(b"^C\r\n")
print(run.wait_for(b"(gdbvm) ").decode().strip())
run.type(b"dump " + os.environ["WORK"].encode() + b"/core\r")
run.wait_for(b"/core\r\n")
run.type(b"\x01x")
print("Ctrl-A x in a dump:", run.end(), [name for name in os.listdir(os.environ["WORK"]) if name.startswith("core")])

# The prompt, while the guest runs and while a debugger has it stopped.
address = os.environ["WORK"] + "/gdb"
run = started("--gdb", "unix:" + address, GUEST + "counter.elf")
run.type(b"\x01cinfo status\r")
run.wait_for(b"VM status: running")
run.type(b"info registers\r")
run.wait_for(b"RIP=")
run.type(b"nonsense\r")
run.wait_for(b"unknown monitor command 'nonsense'")
with socket.socket(socket.AF_UNIX) as debugger:
    debugger.settimeout(20)
    debugger.connect(address)
    debugger.sendall(b"$?#3f")
    reply = b""
    while b"#" not in reply:
        reply += debugger.recv(4096)
    print("debugger:", reply)
    run.type(b"info status\r")
    run.wait_for(b"VM status: ")
    run.type(b"cont\r")
    run.wait_for(b"a debugger is connected; continue the guest there")
run.type(b"quit\r")
print("quit:", run.end())
