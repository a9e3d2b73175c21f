"""A client of GDB/MI: sends a command, waits for its result and for what follows, and prints it all."""
import atexit
import os
import queue
import subprocess
import threading

PATIENCE = 30  # seconds for a record


class Gdb:
    def __init__(self, *arguments):
        self._process = subprocess.Popen([os.environ["GDB"], "-nx", "-q", "--interpreter=mi3", *arguments],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self._process.kill)
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._token = 1000

    def do(self, command):
        """Returns the result record without its token: ^done,... ^running, ^connected, ^exit or ^error,..."""
        self._token += 1
        print(f"{self._token}{command}", flush=True)
        self._process.stdin.write(f"{self._token}{command}\n")
        self._process.stdin.flush()
        return self.wait(f"{self._token}^")[4:]

    def wait(self, start):
        """The next line with this beginning; the lines before it have been printed."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise SystemExit(f"mi: timed out waiting for {start}") from None
            if line is None:
                raise SystemExit(f"mi: gdb ended before {start}")
            print(line, flush=True)
            if line.startswith(start):
                return line

    def end(self):
        return self._process.wait(PATIENCE)

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)
