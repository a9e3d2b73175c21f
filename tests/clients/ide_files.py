"""The files of tools/ide as an IDE reads them, with a guest as the workspace's kernel.elf and a free port."""
import json
import os
import re
import socket
import subprocess
import xml.etree.ElementTree

WORKSPACE = os.environ["WORK"]
os.symlink(os.environ["GUEST"] + "/demo.elf", WORKSPACE + "/kernel.elf")
os.environ["PATH"] = os.path.dirname(os.environ["GDBVM"]) + ":" + os.environ["PATH"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PORT = free_port()


def text(name):
    path = os.path.join(os.path.dirname(__file__), "../../tools/ide", name)
    with open(path) as file:
        content = file.read()
    for placeholder in ("${workspaceFolder}", "$PROJECT_DIR$"):
        content = content.replace(placeholder, WORKSPACE)
    return content.replace(":1234", f":{PORT}").replace('"1234"', f'"{PORT}"')


def parsed_json(name):
    return json.loads(text(name))


def parsed_xml(name):
    return xml.etree.ElementTree.fromstring(text(name).encode())


class Server:
    """A command that an IDE starts; it is ready when its output matches."""

    def __init__(self, command, ready):
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, text=True, cwd=WORKSPACE)
        for line in self._process.stderr:
            if re.search(ready, line):
                return
        raise SystemExit(f"{command} has not said {ready}")

    def end(self):
        """Its exit status: it ends by itself when its debugger disconnects."""
        return self._process.wait(20)


def debug_with_gdb(name, *connect):
    """Connects, stops in a function, disconnects."""
    commands = [*connect, "break run_task", "continue", "backtrace"]
    arguments = [word for command in commands for word in ("-ex", command)]
    done = subprocess.run([os.environ["GDB"], "-nx", "-batch", *arguments, "kernel.elf"], cwd=WORKSPACE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    print(f"=== {name}\n{done.stdout}", flush=True)
