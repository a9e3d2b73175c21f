# tools/ide for the IDEs that start gdb themselves: the files parse, and the command lines in them debug a guest.
# timeout: 60
import os
import shlex
import sys

sys.path.insert(0, os.environ["CLIENTS"])
from ide_files import Server, debug_with_gdb, parsed_json, parsed_xml  # noqa: E402

# VS Code's C++ extension: the server until it says serverStarted, then miDebuggerServerAddress.
cpp = next(each for each in parsed_json("vscode/launch.json")["configurations"] if each["type"] == "cppdbg")
server = Server([cpp["debugServerPath"], *shlex.split(cpp["debugServerArgs"])], cpp["serverStarted"])
debug_with_gdb("cppdbg", "target remote " + cpp["miDebuggerServerAddress"])
print("gdbvm ended with", server.end())

# CLion: an embedded GDB server, and a remote debug configuration for one that runs.
clion = parsed_xml("clion/gdbvm.run.xml").find("configuration")
served = clion.find("custom-gdb-server")
server = Server([served.get("executable"), *shlex.split(clion.get("PROGRAM_PARAMS"))], "listening on")
debug_with_gdb("clion", "target remote " + served.get("gdb-connect"))
print("gdbvm ended with", server.end())
remote = parsed_xml("clion/gdbvm_attach.run.xml").find("configuration")
server = Server([served.get("executable"), *shlex.split(clion.get("PROGRAM_PARAMS"))], "listening on")
debug_with_gdb("clion remote", "symbol-file " + remote.get("symbolFile"), "target remote " + remote.get("remoteCommand"))
print("gdbvm ended with", server.end())

# Eclipse: gdb starts the server through a pipe.
launch = {each.get("key").rsplit(".", 1)[1]: each.get("value") for each in parsed_xml("eclipse/gdbvm.launch")}
debug_with_gdb("eclipse", launch["initCommands"])
