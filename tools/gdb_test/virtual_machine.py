"""The gdbvm of one test, beside its gdb, so that it outlives a gdb that hangs."""

import asyncio
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from . import processes
from .case import Case


class DidNotListen(Exception):
    """gdbvm ended, or ran out of time, before a debugger could connect."""


class VirtualMachine:
    def __init__(self, process: Process, work: Path):
        self.process = process
        self.socket = work / "gdb"
        self._serial = work / "serial"
        self._packets = work / "packets"
        self._stderr: list[bytes] = []
        self._listening = asyncio.Event()
        self._reader = asyncio.create_task(self._read_stderr())

    @classmethod
    async def start(cls, gdbvm: str, case: Case, work: Path) -> "VirtualMachine":
        command = [gdbvm, "--gdb", f"unix:{work}/gdb", "--serial", f"file:{work}/serial"]
        command += ["--trace", f"rsp:{work}/packets"]
        # A guest that need not end by itself stays as gdb leaves it, for the report.
        if case.status is None and not any(each.startswith("--on-detach") for each in case.args):
            command += ["--on-detach", "stop"]
        return cls(await processes.start(command + case.args + [str(case.guest)], stderr=PIPE), work)

    async def listening(self, seconds: float) -> None:
        waiting = asyncio.create_task(self._listening.wait())
        done, _ = await asyncio.wait({waiting, self._reader}, timeout=max(seconds, 0),
                                     return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if waiting not in done and not self._listening.is_set():
            raise DidNotListen(f"gdbvm did not listen: {self.stderr().strip()}")

    async def finish(self) -> None:
        """Ends it, if it still runs, so that all it had to say has been said."""
        await processes.end(self.process)
        await self._reader

    @property
    def status(self) -> int | None:
        return self.process.returncode

    def serial(self) -> str:
        return read_text(self._serial).replace("\r", "")

    def stderr(self) -> str:
        return b"".join(self._stderr).decode(errors="replace")

    def last_packets(self, count: int) -> list[str]:
        most_of_line = 512  # gdbvm shortens what is longer
        if not self._packets.exists():
            return []
        with self._packets.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - count * most_of_line))
            return file.read().decode(errors="replace").splitlines()[-count:]

    async def _read_stderr(self) -> None:
        while line := await self.process.stderr.readline():
            self._stderr.append(line)
            if b"listening on " in line:
                self._listening.set()


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
