"""gdbvm on a pseudo-terminal of its own: what it prints there, what is typed, and how the terminal is left."""
import os
import pty
import select
import termios


class Run:
    def __init__(self, *arguments):
        self.output = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            # A sanitizer would turn the signal into an exit.
            os.execve(os.environ["GDBVM"], ["gdbvm", *arguments], {**os.environ, "ASAN_OPTIONS": "handle_segv=0"})
        self.before = None

    def type(self, keys):
        os.write(self.terminal, keys)

    def wait_for(self, text):
        while text not in self.output:
            if not select.select([self.terminal], [], [], 20)[0]:
                raise SystemExit(f"no {text} in {self.output}")
            self.output += os.read(self.terminal, 65536)
        before, self.output = self.output.split(text, 1)
        return before

    def lines_before(self, text):
        """How many lines there are before `text`; for output that is too long to be kept."""
        lines = 0
        while text not in self.output:
            lines += self.output.count(b"\n")
            self.output = self.output.rpartition(b"\n")[2] + os.read(self.terminal, 65536)
        return lines + self.wait_for(text).count(b"\n")

    def end(self):
        """Reads to the end, which comes when nobody has the terminal open any more, not even the guardian."""
        try:
            while select.select([self.terminal], [], [], 20)[0]:
                self.output += os.read(self.terminal, 65536)
            raise SystemExit("the terminal is still open")
        except OSError:
            pass
        settings = termios.tcgetattr(self.terminal)
        _, status = os.waitpid(self.pid, 0)
        os.close(self.terminal)
        flags = settings[3] & (termios.ICANON | termios.ECHO | termios.ISIG)
        cooked = flags == termios.ICANON | termios.ECHO | termios.ISIG
        return f"status {os.waitstatus_to_exitcode(status)}, terminal {'as before' if cooked else 'still raw'}"


def started(*arguments):
    run = Run("--run", *arguments)
    run.wait_for(b"Ctrl-A h helps")
    return run
