"""A gdbvm with one guest, and a raw remote-protocol client for it."""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import rsp  # noqa: E402
from rsp import DEADLINE  # noqa: E402


class ProtocolError(Exception):
    pass


class Stop:
    """A stop reply: `kind` is step, swbreak, hwbreak, watch, rwatch, awatch, signal NN or exit NN; `pc` if reported."""

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


class Session:
    def __init__(self, gdbvm, image, directory, options=()):
        address = os.path.join(directory, "gdb")
        self.serial_file = os.path.join(directory, "serial")
        self.errors = open(os.path.join(directory, "errors"), "w+")
        self.process = subprocess.Popen(
            [gdbvm, "--gdb", "unix:" + address, "--serial", "file:" + self.serial_file, *options, image],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors,
        )  # fmt: skip
        self.socket = self.connect(address)
        self.client = rsp.Client(self.socket.sendall, lambda: self.socket.recv(65536))
        self.ask("qSupported:swbreak+;hwbreak+;vContSupported+")
        self.client.no_acks()
        self.ask("?")

    def connect(self, address):
        end = time.monotonic() + DEADLINE
        while True:
            try:
                return rsp.unix_stream(address)
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise ProtocolError("gdbvm did not listen: " + self.messages()) from None
                time.sleep(0.001)  # the socket is not there yet, and there is no event to wait for

    def messages(self):
        self.errors.seek(0)
        return self.errors.read().strip()

    def ask(self, packet):
        try:
            return self.client.resume(packet) if packet.startswith("vCont;") else self.client.ask(packet)
        except rsp.ConnectionEnded:
            raise ProtocolError("the connection ended: " + self.messages()) from None
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
        """What the guest sent to the serial port, and gdbvm's exit status."""
        status = self.process.wait(DEADLINE)
        with open(self.serial_file, "rb") as serial:
            return serial.read(), status

    def close_gently(self):
        """Disconnects as gdb does after the guest's end."""
        self.socket.close()

    def close(self):
        self.socket.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.errors.close()
