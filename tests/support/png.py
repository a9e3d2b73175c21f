"""PNG files as libpng writes them for gdbvm: eight bits each of red, green and blue, not interlaced."""
import struct
import zlib


class Picture:
    def __init__(self, path):
        with open(path, "rb") as file:
            chunks = dict(self._chunks(file.read()))
        self.width, self.height, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        assert kind == [8, 2, 0, 0, 0], kind
        self.software = chunks[b"tEXt"]
        self._rows = list(self._unfiltered(zlib.decompress(chunks[b"IDAT"])))

    def at(self, x, y):
        return tuple(self._rows[y][3 * x:3 * x + 3])

    @staticmethod
    def _chunks(data):
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        at, pixels = 8, b""
        while at < len(data):
            size, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8:at + 8 + size]
            assert zlib.crc32(kind + body) == struct.unpack_from(">I", data, at + 8 + size)[0], kind
            if kind == b"IDAT":
                pixels += body
            else:
                yield kind, body
            at += 12 + size
        yield b"IDAT", pixels

    def _unfiltered(self, data):
        size, above = 3 * self.width, bytearray(3 * self.width)
        for start in range(0, len(data), size + 1):
            kind, row = data[start], bytearray(data[start + 1:start + 1 + size])
            for i in range(size):
                left, corner = (row[i - 3], above[i - 3]) if i >= 3 else (0, 0)
                row[i] = row[i] + self._predicted(kind, left, above[i], corner) & 255
            yield row
            above = row

    @staticmethod
    def _predicted(kind, left, up, corner):
        if kind < 4:
            return (0, left, up, (left + up) // 2)[kind]
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
