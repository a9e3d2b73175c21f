"""A client of the Debug Adapter Protocol: starts an adapter, sends requests, waits for responses and events.

Every message is printed, one to a line, and checked by the case's expectations: "-> command arguments", "<- body",
"<! error" and "** event body". With DAP_LOG=FILE in the environment they are appended to that file as well.
"""
import json
import os
import queue
import subprocess
import threading

PATIENCE = 30  # seconds for a response or an event


def line_of(path):
    """A source file of the tree: its full path, and a function that finds the number of the line with a text."""
    path = os.path.realpath(os.path.join(os.path.dirname(__file__), "../..", path))
    with open(path) as file:
        lines = file.read().splitlines()
    return path, lambda text: next(number for number, line in enumerate(lines, 1) if text in line)


class Refused(Exception):
    """The adapter responded with an error."""


class Adapter:
    def __init__(self, *command):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._log = open(os.environ["DAP_LOG"], "a") if "DAP_LOG" in os.environ else None
        self._seq = 0
        self._messages = queue.Queue()
        self._answers = {}  # by the number of the request
        self._events = []  # received and not yet waited for
        self.output = ""  # the text of all output events
        threading.Thread(target=self._read, daemon=True).start()

    def start(self, command, **arguments):
        """Sends a request and returns its number, for answer()."""
        self._seq += 1
        self._note("->", command, arguments)
        body = json.dumps({"seq": self._seq, "type": "request", "command": command, "arguments": arguments}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()
        return self._seq

    def answer(self, number):
        """Waits for the response to a request of start()."""
        while number not in self._answers:
            self._take(f"an answer to request {number}")
        message = self._answers.pop(number)
        if not message["success"]:
            raise Refused(message.get("body", {}).get("error", {}).get("format", message.get("message")))
        return message.get("body", {})

    def request(self, command, **arguments):
        return self.answer(self.start(command, **arguments))

    def wait(self, event, **wanted):
        """Waits for an event whose body has these values; earlier events are dropped."""
        while True:
            while not self._events:
                self._take(f"the event {event} {wanted}")
            message = self._events.pop(0)
            body = message.get("body", {})
            if message["event"] == event and all(body.get(key) == value for key, value in wanted.items()):
                return body

    def wait_output(self, text):
        """Waits until the adapter has output a text."""
        while text not in self.output:
            self._take(f"the output {text!r}")

    def close(self):
        self._process.stdin.close()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def _take(self, what):
        try:
            message = self._messages.get(timeout=PATIENCE)
        except queue.Empty:
            self._process.kill()
            raise SystemExit(f"dap: timed out waiting for {what}") from None
        if message is None:
            raise SystemExit(f"dap: the adapter ended before {what}")
        if message["type"] == "event":
            self._note("**", message["event"], message.get("body"))
            self._events.append(message)
            if message["event"] == "output":
                self.output += message["body"]["output"]
        elif message["type"] == "response":
            direction = "<-" if message["success"] else "<!"
            self._note(direction, message["command"], message.get("body") or message.get("message"))
            self._answers[message["request_seq"]] = message

    def _read(self):
        stream = self._process.stdout
        while True:
            length = 0
            while line := stream.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if length == 0:
                self._messages.put(None)
                return
            self._messages.put(json.loads(stream.read(length)))

    def _note(self, direction, name, content):
        line = f"{direction} {name} {json.dumps(content)}"
        print(line, flush=True)
        if self._log:
            print(line, file=self._log, flush=True)
