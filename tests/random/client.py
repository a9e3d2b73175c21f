"""A gdbvm with one guest, and a raw remote-protocol client for it."""

import os
import socket
import subprocess
import time

DEADLINE = 20  # seconds for anything that gdbvm does


class ProtocolError(Exception):
    pass


class Stop:
    """A stop reply: `kind` is step, swbreak, hwbreak, watch, rwatch, awatch, signal NN or exit NN; `pc` if it is told."""

    def __init__(self, reply):
        self.reply = reply
        self.address = None
        self.pc = None
        if reply[0] == "W":
            self.kind = "exit " + reply[1:3]
            return
        self.kind = "step" if reply[1:3] == "05" else "signal " + reply[1:3]
        for field in reply[3:].split(";"):
            key, _, value = field.partition(":")
            if key == "10":
                self.pc = int.from_bytes(bytes.fromhex(value), "little")
            if key in ("swbreak", "hwbreak", "watch", "rwatch", "awatch"):
                self.kind = key
                self.address = int(value, 16) if value else None

    def __str__(self):
        return self.kind if self.address is None else f"{self.kind} {self.address:#x}"


def expand(packet):
    """Undoes the run-length encoding: X*N stands for X and N - 29 more of it."""
    parts = packet.split("*")
    text = parts[0]
    for part in parts[1:]:
        text += text[-1] * (ord(part[0]) - 29) + part[1:]
    return text


class Session:
    def __init__(self, gdbvm, image, directory):
        address = os.path.join(directory, "gdb")
        self.serial_file = os.path.join(directory, "serial")
        self.errors = open(os.path.join(directory, "errors"), "w+")
        self.process = subprocess.Popen(
            [gdbvm, "--gdb", "unix:" + address, "--serial", "file:" + self.serial_file, image],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors,
        )  # fmt: skip
        self.socket = self.connect(address)
        self.buffer = b""
        self.ask("qSupported:swbreak+;hwbreak+;vContSupported+")
        self.ask("QStartNoAckMode")
        self.socket.sendall(b"+")
        self.ask("?")

    def connect(self, address):
        end = time.monotonic() + DEADLINE
        while True:
            client = socket.socket(socket.AF_UNIX)
            client.settimeout(DEADLINE)
            try:
                client.connect(address)
                return client
            except OSError:
                client.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise ProtocolError("gdbvm did not listen: " + self.messages()) from None
                time.sleep(0.001)  # the socket is not there yet, and nothing announces it

    def messages(self):
        self.errors.seek(0)
        return self.errors.read().strip()

    def receive(self):
        while True:
            begin = self.buffer.find(b"$")
            end = self.buffer.find(b"#", begin)
            if begin >= 0 and 0 <= end <= len(self.buffer) - 3:
                packet = self.buffer[begin + 1 : end]
                self.buffer = self.buffer[end + 3 :]
                if packet[:1] != b"O" or packet == b"OK":
                    return expand(packet.decode("latin-1"))
                continue
            more = self.socket.recv(65536)
            if not more:
                raise ProtocolError("the connection ended: " + self.messages())
            self.buffer += more

    def send(self, packet):
        data = packet.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) & 0xFF))

    def ask(self, packet):
        self.send(packet)
        try:
            return self.receive()
        except TimeoutError:
            raise ProtocolError(f"no reply to {packet}") from None

    def order(self, packet):
        reply = self.ask(packet)
        if reply != "OK":
            raise ProtocolError(f"{packet}: {reply}")

    def resume(self, action):
        stop = Stop(self.ask("vCont;" + action))
        if stop.pc is None and not stop.kind.startswith("exit"):
            stop.pc = self.pc()
        return stop

    def pc(self):
        return int.from_bytes(bytes.fromhex(self.ask("p10")), "little")

    def read(self, address, length):
        reply = self.ask(f"m{address:x},{length:x}")
        data = bytes.fromhex(reply)
        if len(data) != length:
            raise ProtocolError(f"read {address:#x}: {reply}")
        return data

    def wait(self):
        """What the guest sent to the serial port, and how gdbvm ended."""
        status = self.process.wait(DEADLINE)
        with open(self.serial_file, "rb") as serial:
            return serial.read(), status

    def close_gently(self):
        """Takes the leave that gdb takes after the guest's end."""
        self.socket.close()

    def close(self):
        self.socket.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.errors.close()
