# A TCP port in use is refused with one sentence and status 2.
import os
import socket
import subprocess

with socket.create_server(("127.0.0.1", 0)) as taken:
    port = taken.getsockname()[1]
    run = subprocess.run([os.environ["GDBVM"], "--gdb", f"127.0.0.1:{port}", os.environ["GUEST"] + "/hello.elf"],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
print("status", run.returncode, "lines", len(run.stderr.splitlines()))
print(run.stderr)
