"""The two gdbs of a test, one for the script and one for the report, and how they reach the guest."""

import os
from asyncio.subprocess import STDOUT, Process
from pathlib import Path

from . import processes
from .case import Case

FILES = "files"  # in a test's directory, for the files of its script

PRELUDE = """\
set pagination off
set confirm off
set width 0
set height 0
set style enabled off
set tcp connect-timeout 5
set remotetimeout 10
set $remote = "{socket}"
set $work = "{work}"
define connect
  target remote {socket}
end
define connect_extended
  target extended-remote {socket}
end
"""

# Thirty frames show where a guest is; a runaway stack has millions.
REPORT = [
    "info threads",
    "thread apply all -s backtrace 30",
    "thread apply all -s info registers",
    "thread apply all -s x/6i $pc",
]


def environment(bytecode: Path | None) -> dict[str, str]:
    """The user's, without variables that would make a test depend on the network or the language."""
    result = {key: value for key, value in os.environ.items() if key != "DEBUGINFOD_URLS"}
    result["LC_ALL"] = "C.UTF-8"
    # gdb compiles its Python modules at each start if their directory is not writable: a quarter of its start-up time.
    if bytecode is not None and "PYTHONPYCACHEPREFIX" not in result:
        result["PYTHONPYCACHEPREFIX"] = str(bytecode)
        result.pop("PYTHONDONTWRITEBYTECODE", None)
    return result


class Debugger:
    def __init__(self, gdb: str, bytecode: Path | None):
        self._gdb = os.path.abspath(gdb) if "/" in gdb else gdb  # it starts in the script's directory
        self._environment = environment(bytecode)

    async def run_script(self, case: Case, work: Path, socket: Path) -> Process:
        """Output goes to `work`/gdb_output. The script's directory is the current one."""
        (work / "prelude").write_text(PRELUDE.format(socket=socket, work=work / FILES))
        command = ["-x", f"{work}/prelude", "-x", str(case.script.resolve())]
        return await self._start(case, command, work / "gdb_output", {"GDB_TEST_WORK": str(work / FILES)})

    async def report(self, case: Case, work: Path) -> Process:
        """Output goes to `work`/report."""
        command = ["-x", f"{work}/prelude", "-ex", "connect"]
        for each in REPORT:
            command += ["-ex", f"echo (gdb) {each}\\n", "-ex", each]
        return await self._start(case, command, work / "report", {})

    async def _start(self, case: Case, command: list[str], output: Path, more: dict[str, str]) -> Process:
        symbols = [str(case.symbols.resolve())] if case.symbols else []
        with output.open("wb") as file:
            return await processes.start([self._gdb, "-nx", "-batch", *command, *symbols], stdout=file, stderr=STDOUT,
                                         cwd=case.script.resolve().parent, env=self._environment | more)
