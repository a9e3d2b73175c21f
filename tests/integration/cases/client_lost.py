# A client that disappears in the middle: with four CPUs running, in non-stop mode with one stopped, in a storm of hits.
# The guest runs or stops as --on-detach says, and nothing of the client's is left; with --gdb stdio gdbvm ends.
# timeout: 60
import os
import subprocess
import time

import rsp

CPUS = 4
guest = os.environ["GUEST"] + "/smp.elf"
table = rsp.symbols(guest)
code = table["per_cpu_work"]


def counters(client):
    return client.read(table["counters"], CPUS)


def wait_for_all(client, before):
    end = time.monotonic() + rsp.DEADLINE
    while any(now <= then for now, then in zip(counters(client), before)):
        assert time.monotonic() < end, f"not all CPUs run: {before}, {counters(client)}"


def running(client):
    client.send("vCont;c")


def non_stop(client):
    client.ask("qSupported:error-message+")  # then `?` and vStopped report all threads
    assert client.ask("QNonStop:1") == "OK"
    client.ask("?")
    while client.ask("vStopped") != "OK":
        pass
    assert client.ask("vCont;c") == "OK"
    wait_for_all(client, [0] * CPUS)
    assert client.ask(f"Z0,{code:x},1") == "OK"
    client.until(rb"%(Stop:[^#]*)#..")


def storm(client):
    assert client.ask(f"Z0,{code:x},1") == "OK"
    for _ in range(20):
        client.ask("vCont;c")
    client.send("vCont;c")


def unix_client(path):
    stream = rsp.unix_stream(path)
    return stream, rsp.Client.on(stream)


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
        before = counters(client)
        if policy == "run":
            wait_for_all(client, before)
        else:
            assert all(counters(client) == before for _ in range(200)), "the guest runs"
        print(scene.__name__, policy, client.monitor("info stops").strip())
        stream.close()
    finally:
        vm.kill()
        vm.wait()


def desert(scene):
    vm = subprocess.Popen([os.environ["GDBVM"], "--cpus", str(CPUS), "--serial", "none", "--gdb", "stdio", guest],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
    try:
        if scene:
            client = rsp.Client(vm.stdin.write, lambda: vm.stdout.read(65536))
            client.no_acks()
            scene(client)
        vm.stdin.close()
        print("stdio", scene.__name__ if scene else "silence", "status", vm.wait(rsp.DEADLINE))
    finally:
        vm.kill()
        vm.wait()


for each in (running, non_stop, storm):
    for policy in ("run", "stop"):
        lose(each, policy)
for each in (None, running, non_stop, storm):
    desert(each)
