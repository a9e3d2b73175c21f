"""A raw client of the remote protocol, for tests that control exactly what is sent and when."""

import re
import socket
import subprocess

DEADLINE = 20  # seconds for anything that gdbvm does


class ConnectionEnded(Exception):
    pass


def packet(text):
    data = text.encode("latin-1")
    return b"$%s#%02x" % (data, sum(data) & 0xFF)


def expand(text):
    """Undoes the run-length encoding: X*N stands for X and N - 29 more of it."""
    return re.sub(r"(.)\*(.)", lambda run: run[1] * (ord(run[2]) - 28), text, flags=re.DOTALL)


def unix_stream(path):
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(DEADLINE)
    stream.connect(path)
    return stream


def symbols(elf, *names):
    """Addresses from nm: those of `names`, or a dictionary of all."""
    listing = subprocess.run(["nm", elf], capture_output=True, text=True, check=True).stdout
    table = {line.split()[2]: int(line.split()[0], 16) for line in listing.splitlines() if len(line.split()) == 3}
    return [table[name] for name in names] if names else table


class Client:
    """`send_bytes` sends bytes to gdbvm, `receive` returns some from it, or none once it has closed the connection."""

    def __init__(self, send_bytes, receive):
        self.send_bytes, self.receive = send_bytes, receive
        self.buffer = b""

    @classmethod
    def on(cls, stream):
        """On a socket, without acknowledgements."""
        client = cls(stream.sendall, lambda: stream.recv(65536))
        client.no_acks()
        return client

    def no_acks(self):
        assert self.ask("QStartNoAckMode") == "OK"
        self.send_bytes(b"+")

    def send(self, text):
        self.send_bytes(packet(text))

    def until(self, pattern):
        """What the first group of `pattern` matches, expanded; everything before it is dropped."""
        while not (match := re.search(pattern, self.buffer, re.DOTALL)):
            piece = self.receive()
            if not piece:
                raise ConnectionEnded
            self.buffer += piece
        self.buffer = self.buffer[match.end() :]
        return expand(match[1].decode("latin-1"))

    def reply(self):
        return self.until(rb"\$([^#]*)#..")

    def ask(self, text):
        self.send(text)
        return self.reply()

    def resume(self, text):
        """The stop reply, without the console output before it."""
        reply = self.ask(text)
        while reply.startswith("O"):
            reply = self.reply()
        return reply

    def read(self, address, count=1):
        """Eight-byte words of guest memory."""
        data = bytes.fromhex(self.ask(f"m{address:x},{8 * count:x}"))
        return [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)]

    def monitor(self, command):
        self.send("qRcmd," + command.encode().hex())
        text = ""
        while (reply := self.reply()) != "OK":
            text += bytes.fromhex(reply[1:]).decode()
        return text
