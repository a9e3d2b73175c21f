"""Boots a guest to the place where tests begin, and saves it there."""

import tempfile
from dataclasses import replace
from pathlib import Path

from . import processes
from .case import BadCase, Case
from .debugger import FILES, Debugger
from .virtual_machine import DidNotListen, VirtualMachine, read_text

LEAST_SECONDS = 120.0

SCRIPT = """\
connect
set breakpoint pending off
tbreak {place}
commands
monitor savevm file:{path}
end
continue
"""


async def boot_and_save(gdbvm: str, debugger: Debugger, parent: Path, case: Case, path: Path) -> None:
    """Raises BadCase if the guest does not get there. Files of its own are in `parent`, for as long as this takes."""
    with tempfile.TemporaryDirectory(prefix="boot.", dir=parent) as folder:
        work = Path(folder)
        (work / FILES).mkdir()
        script = work / "boot.gdb"
        script.write_text(SCRIPT.format(place=case.after, path=path))
        booted = replace(case, script=script, status=None, after=None, timeout=max(case.timeout, LEAST_SECONDS))
        try:
            vm = await VirtualMachine.start(gdbvm, booted, work)
        except OSError as error:
            raise BadCase(f"cannot run {gdbvm}: {error.strerror}") from None
        try:
            problem = await drive(booted, vm, debugger, work)
        finally:
            await vm.finish()
        if not path.exists():
            raise BadCase(f"{case.guest} did not get to {case.after}: {problem}", output_of(vm, work))


def output_of(vm: VirtualMachine, work: Path) -> str:
    gdb_output = read_text(work / "gdb_output").rstrip("\n")
    return f"=== the boot\n{gdb_output}\n=== serial\n{vm.serial()}\n=== stderr\n{vm.stderr()}"


async def drive(case: Case, vm: VirtualMachine, debugger: Debugger, work: Path) -> str:
    """Returns why the guest has not been saved, if it has not."""
    try:
        if not await vm.listening(case.timeout):
            return f"gdbvm did not listen after {case.timeout:g} s"
    except DidNotListen as problem:
        return str(problem)
    gdb = await debugger.run_script(case, work, vm.socket)
    try:
        if not await processes.ended_within(gdb, case.timeout):
            return f"it was still running after {case.timeout:g} s"
    finally:
        await processes.kill(gdb)
    said = [line for line in read_text(work / "gdb_output").splitlines() if line and not line.endswith("detached]")]
    return said[-1] if said else "gdb said nothing"
