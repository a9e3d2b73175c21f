"""What an IDE does with Eclipse CDT's debug adapter: a session with one stopped thread whose frames are examined."""
import os

from dap import Adapter


def must(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")


class Ide(Adapter):
    def __init__(self, request, **arguments):
        """Starts the session by a launch or an attach request."""
        super().__init__(os.environ["VARIANT"])
        self.frames = []  # of the thread that stopped last, innermost first
        self.request("initialize", clientID="test", adapterID="gdbtarget", linesStartAt1=True, columnsStartAt1=True,
                     pathFormat="path")
        number = self.start(request, gdb=os.environ["GDB"], **arguments)
        self.wait("initialized")
        self.answer(number)

    def break_at(self, path, *breakpoints):
        """Replaces the breakpoints of a source file."""
        return self.request("setBreakpoints", source={"path": path}, breakpoints=list(breakpoints))["breakpoints"]

    def stopped(self, reason):
        """Waits for a stop; returns the innermost frame."""
        thread = self.wait("stopped", reason=reason)["threadId"]
        self.frames = self.request("stackTrace", threadId=thread)["stackFrames"]
        return self.frames[0]

    def go(self, command, reason, **arguments):
        """Resumes, and waits for the next stop."""
        self.request(command, threadId=1, **arguments)
        return self.stopped(reason)

    def evaluate(self, expression):
        return self.request("evaluate", expression=expression, context="repl", frameId=self.frames[0]["id"])["result"]

    def address(self, expression):
        """An address as evaluate shows it, with type and name around it."""
        return next(word for word in self.evaluate(expression).split() if word.startswith("0x"))
