"""A VNC client (RFC 6143) of the few messages that tests need: raw pixels, keys and the pointer."""
import socket
import struct


class Screen:
    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=20)
        version = self._read(12)
        self._socket.sendall(version)
        kinds = self._read(self._read(1)[0])
        assert 1 in kinds, kinds
        self._socket.sendall(b"\1")
        assert self._read(4) == bytes(4)
        self._socket.sendall(b"\1")
        self.width, self.height = struct.unpack(">HH", self._read(4))
        self._read(16)
        self.name = self._read(struct.unpack(">I", self._read(4))[0]).decode()
        # 32 bits, red in the first byte.
        self._socket.sendall(struct.pack(">BxxxBBBBHHHBBBxxx", 0, 32, 24, 0, 1, 255, 255, 255, 0, 8, 16))
        self._socket.sendall(struct.pack(">BxHii", 2, 2, 0, -223))  # raw, and new sizes
        self.pixels = {}
        self._ask(0)

    def _read(self, size):
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            if not more:
                raise SystemExit("the VNC server has gone")
            data += more
        return data

    def _ask(self, only_changes):
        self._socket.sendall(struct.pack(">BBHHHH", 3, only_changes, 0, 0, self.width, self.height))

    def update(self):
        """Waits for the next update; returns the rectangles in it."""
        while self._read(1) != b"\0":
            raise SystemExit("not an update")
        rectangles = []
        for _ in range(struct.unpack(">xH", self._read(3))[0]):
            x, y, width, height, encoding = struct.unpack(">HHHHi", self._read(12))
            if encoding == -223:
                self.width, self.height = width, height
                continue
            rectangles.append((x, y, width, height))
            for row in range(y, y + height):
                line = self._read(4 * width)
                for column in range(width):
                    self.pixels[x + column, row] = tuple(line[4 * column:4 * column + 3])
        self._ask(1)
        return rectangles

    def wait_for(self, shown):
        """Updates until shown() is true."""
        while not shown():
            self.update()

    def key(self, keysym):
        for down in (1, 0):
            self._socket.sendall(struct.pack(">BBxxI", 4, down, keysym))

    def point(self, x, y, buttons=0):
        self._socket.sendall(struct.pack(">BBHH", 5, buttons, x, y))
