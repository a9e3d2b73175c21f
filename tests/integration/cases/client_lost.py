# A client that is gone in the midst: four CPUs running, in non-stop mode with one stopped, or in a storm of hits. The guest
# goes on or stops as --on-detach says, nothing of the client's is left; with --gdb stdio nobody can come, and gdbvm ends.
# timeout: 60
import os
import re
import socket
import subprocess
import time

CPUS = 4
DEADLINE = 20
guest = os.environ["GUEST"] + "/smp.elf"
table = {}
for line in subprocess.run(["nm", guest], capture_output=True, text=True, check=True).stdout.splitlines():
    address, _, name = line.split()
    table[name] = int(address, 16)
code = table["per_cpu_work"]


class Client:
    def __init__(self, send, receive):
        self.send_bytes, self.receive = send, receive
        self.text = b""
        assert self.ask("QStartNoAckMode") == "OK"
        self.send_bytes(b"+")

    def send(self, text):
        self.send_bytes(b"$%s#%02x" % (text.encode(), sum(text.encode()) & 255))

    def until(self, pattern):
        while not (match := re.search(pattern, self.text)):
            piece = self.receive()
            assert piece, "the connection was closed"
            self.text += piece
        self.text = self.text[match.end():]
        return re.sub(r"(.)\*(.)", lambda run: run[1] * (ord(run[2]) - 28), match[1].decode())

    def ask(self, text):
        self.send(text)
        return self.until(rb"\$([^#]*)#..")

    def counters(self):
        data = bytes.fromhex(self.ask(f"m{table['counters']:x},{8 * CPUS:x}"))
        return [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data), 8)]

    def wait_for_all(self, before):
        end = time.monotonic() + DEADLINE
        while any(now <= then for now, then in zip(self.counters(), before)):
            assert time.monotonic() < end, f"not all CPUs run: {before}, {self.counters()}"


def running(client):
    client.send("vCont;c")


def non_stop(client):
    client.ask("qSupported:error-message+")  # then `?` and vStopped tell of all threads
    assert client.ask("QNonStop:1") == "OK"
    client.ask("?")
    while client.ask("vStopped") != "OK":
        pass
    assert client.ask("vCont;c") == "OK"
    client.wait_for_all([0] * CPUS)
    assert client.ask(f"Z0,{code:x},1") == "OK"
    client.until(rb"%(Stop:[^#]*)#..")


def storm(client):
    assert client.ask(f"Z0,{code:x},1") == "OK"
    for _ in range(20):
        client.ask("vCont;c")
    client.send("vCont;c")


def unix_client(path):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(DEADLINE)
    stream.connect(path)
    return stream, Client(stream.sendall, lambda: stream.recv(65536))


def lose(scene, policy):
    path = f"{os.environ['WORK']}/{scene.__name__}.{policy}"
    vm = subprocess.Popen([os.environ["GDBVM"], "--cpus", str(CPUS), "--serial", "none", "--gdb", "unix:" + path,
                           "--on-detach", policy, guest], stderr=subprocess.PIPE, text=True)
    try:
        vm.stderr.readline()
        stream, client = unix_client(path)
        scene(client)
        stream.close()
        stream, client = unix_client(path)
        before = client.counters()
        if policy == "run":
            client.wait_for_all(before)
        else:
            assert all(client.counters() == before for _ in range(200)), "the guest runs"
        client.send("qRcmd," + b"info stops".hex())
        print(scene.__name__, policy, bytes.fromhex(client.until(rb"\$O([^#K]*)#..")).decode().strip())
        stream.close()
    finally:
        vm.kill()
        vm.wait()


def desert(scene):
    vm = subprocess.Popen([os.environ["GDBVM"], "--cpus", str(CPUS), "--serial", "none", "--gdb", "stdio", guest],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
    try:
        if scene:
            scene(Client(vm.stdin.write, lambda: vm.stdout.read(65536)))
        vm.stdin.close()
        print("stdio", scene.__name__ if scene else "silence", "status", vm.wait(DEADLINE))
    finally:
        vm.kill()
        vm.wait()


for each in (running, non_stop, storm):
    for policy in ("run", "stop"):
        lose(each, policy)
for each in (None, running, non_stop, storm):
    desert(each)
