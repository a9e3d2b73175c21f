# tools/ide for CodeLLDB: the task starts the server and says when it is ready; the commands debug a guest.
# variants: lldb-14 lldb-19
# timeout: 60
import os
import subprocess
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from ide_files import Server, parsed_json  # noqa: E402

lldb = next(each for each in parsed_json("vscode/launch.json")["configurations"] if each["type"] == "lldb")
task = next(each for each in parsed_json("vscode/tasks.json")["tasks"] if each["label"] == lldb["preLaunchTask"])
server = Server([task["command"], *task["args"]], task["problemMatcher"]["background"]["endsPattern"])
commands = [*lldb["targetCreateCommands"], *lldb["processCreateCommands"], "breakpoint set --name run_task", "continue",
            "bt", "process detach"]
subprocess.run([os.environ["VARIANT"], "--no-lldbinit", "--batch",
                *[word for command in commands for word in ("-o", command)]], stderr=subprocess.STDOUT, timeout=60)
print("gdbvm ended with", server.end())
