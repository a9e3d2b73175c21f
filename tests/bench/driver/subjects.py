"""What is measured: gdbvm, QEMU and gdbserver, each as a server that clients connect to one after the other."""

import os
import re
import socket
import subprocess
import tempfile
import time

DEADLINE = 30  # seconds until a server listens


class Failure(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process with a remote-protocol port. `symbols` are those of the program in it."""

    def __init__(self, name, command, port, program):
        self.name = name
        self.program = program
        self.address = f"127.0.0.1:{port}"
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.wait_for(port)

    def wait_for(self, port):
        """Looks at the socket table: a connection made to find out would be the server's first client."""
        listening = re.compile(rf":{port:04X} 00000000:0000 0A ")
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            with open("/proc/net/tcp", encoding="ascii") as table:
                if any(listening.search(line) for line in table):
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.close()
        raise Failure(f"{self.name} does not listen on port {port}")

    def put_vcpus_last(self):
        """Under real-time scheduling: after the thread that has to stop them, which would otherwise never run."""
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/comm", encoding="ascii") as name:
                if name.read().startswith("vcpu"):
                    os.sched_setscheduler(int(task), os.SCHED_RR, os.sched_param(1))

    def close(self):
        self.process.kill()
        self.process.wait()


class Subjects:
    """Servers, started when a row first needs one; and the programs of the build."""

    def __init__(self, build):
        self.build = build
        self.servers = {}
        self.folder = tempfile.TemporaryDirectory()

    def scratch_file(self, name):
        return os.path.join(self.folder.name, name)

    def program(self, name):
        return f"{self.build}/{name}"

    def guest(self, name):
        return f"{self.build}/guest/{name}.elf"

    def gdbvm(self, guest="bench", options=("--serial", "none")):
        port = free_port()
        command = [self.program("gdbvm"), "--gdb", f"127.0.0.1:{port}", "--on-detach", "stop", *options]
        return Server("gdbvm", command + [self.guest(guest)], port, self.guest(guest))

    # Four CPUs with interrupts off, all doing the same.
    def spinning(self):
        return self.four_cpus("smp")

    def halted(self):
        return self.four_cpus("all_halt")

    def idle(self):
        return self.four_cpus("all_halt", "--run")

    def flooding(self):
        return self.four_cpus("all_flood")

    def four_cpus(self, guest, *options):
        server = self.gdbvm(guest, ["--cpus", "4", *options])
        if os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR):
            server.put_vcpus_last()
        return server

    # Halts between two ticks, and does not end.
    def ticking(self):
        return self.gdbvm("ticking", ["--serial", "none", "--run"])

    def large(self):
        return self.gdbvm(options=["--serial", "none", "--memory", "4G"])

    # QEMU keeps its snapshots in a qcow2 disk.
    def with_disk(self):
        disk = self.scratch_file("disk.qcow2")
        run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "1G"])
        return self.qemu("-drive", f"if=none,format=qcow2,file={disk}")

    def qemu(self, *options):
        port = free_port()
        command = qemu_command("microvm", self.guest("bench_pvh")) + ["-gdb", f"tcp:127.0.0.1:{port}", *options]
        return Server("qemu", command, port, self.guest("bench_pvh"))

    def gdbserver(self):
        port = free_port()
        native = self.program("bench_native")
        return Server("gdbserver", ["gdbserver", f"127.0.0.1:{port}", native], port, native)

    def get(self, name):
        if name not in self.servers:
            self.servers[name] = getattr(self, name)()
        return self.servers[name]

    def drop(self, name):
        if name in self.servers:
            self.servers.pop(name).close()

    def close(self):
        for name in list(self.servers):
            self.drop(name)
        self.folder.cleanup()


def qemu_command(machine, image):
    return [
        "qemu-system-x86_64", "-accel", "kvm", "-M", machine, "-m", "256", "-display", "none", "-serial", "stdio",
        "-nodefaults", "-no-user-config", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-kernel", image,
    ]  # fmt: skip


def run(command, timeout=120):
    """Its output; raises a Failure with its stderr if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Failure(f"{command[0]} took more than {timeout} s") from None
    if done.returncode != 0:
        raise Failure(f"{command[0]}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def symbol(program, name):
    """Start and end of a function or object."""
    for line in run(["nm", "-S", program]).splitlines():
        fields = line.split()
        if fields[-1] == name:
            start = int(fields[0], 16)
            return start, start + (int(fields[1], 16) if len(fields) == 4 else 0)
    raise Failure(f"{program} has no symbol {name}")
