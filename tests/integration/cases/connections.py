# Thousands of connects and disconnects: no file descriptor and no thread is leaked. The guest keeps running.
# timeout: 60
import os
import subprocess

import rsp

COUNT = 2000
path = os.environ["WORK"] + "/gdb"
vm = subprocess.Popen([os.environ["GDBVM"], "--run", "--serial", "none", "--gdb", "unix:" + path,
                       os.environ["GUEST"] + "/counter.elf"], stderr=subprocess.PIPE, text=True)
print(vm.stderr.readline())


def session(number):
    with rsp.unix_stream(path) as stream:
        if number % 3 == 0:
            return
        client = rsp.Client(stream.sendall, lambda: stream.recv(4096))
        client.ask("?")
        if number % 3 == 1:
            client.send("D")


def resources():
    """Descriptors and threads; KVM's own thread comes with the first KVM_RUN, which may be late."""
    names = [open(f"/proc/{vm.pid}/task/{task}/comm").read() for task in os.listdir(f"/proc/{vm.pid}/task")]
    return len(os.listdir(f"/proc/{vm.pid}/fd")), sum(not name.startswith("kvm-") for name in names)


try:
    for i in range(1, 50):
        session(i)
    before = resources()
    for i in range(1, COUNT):
        session(i)
    session(1)
    after = resources()
    print("fds", after[0] - before[0], "threads", after[1] - before[1])
finally:
    vm.kill()
    vm.wait()
