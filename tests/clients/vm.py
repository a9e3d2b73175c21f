"""A gdbvm that runs beside the case and ends with it."""
import atexit
import os
import subprocess
import time


class Vm:
    """Serves build/guest/NAME; `address` is HOST:PORT, `image` the file."""

    def __init__(self, name, *options):
        self.image = os.path.join(os.environ["GUEST"], name)
        self._process = subprocess.Popen([os.environ["GDBVM"], "--gdb", "127.0.0.1:0", "--serial",
                                          "file:serial", *options, self.image], stderr=subprocess.PIPE, text=True)
        atexit.register(self._process.kill)
        self.address = self._process.stderr.readline().split()[-1]

    def wait_serial(self, text):
        """Waits until the guest has printed a text."""
        for _ in range(1000):
            with open("serial", errors="replace") as file:
                if text in file.read():
                    return
            time.sleep(0.02)
        raise SystemExit(f"the guest has not printed {text!r}")

    def wait(self):
        """Waits until it has ended by itself; its exit status."""
        return self._process.wait(20)
