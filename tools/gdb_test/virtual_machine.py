"""The gdbvm of one test, which runs beside its gdb, so that it outlives a gdb that hangs."""

import asyncio
import re
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from . import processes
from .case import Case

BOOT_OPTIONS = {"--load", "--mode", "--boot", "--initrd", "--append", "-initrd", "-append"}  # each has a value
LISTENING = re.compile(rb"listening on .*\n")


class DidNotListen(Exception):
    """gdbvm ended before a debugger could connect."""


def after_boot(options: list[str]) -> list[str]:
    """Without those that say how something is booted: gdbvm refuses them for a guest that has been."""
    kept, words = [], iter(options)
    for word in words:
        if word in BOOT_OPTIONS:
            next(words, None)
        elif word.partition("=")[0] not in BOOT_OPTIONS:
            kept.append(word)
    return kept


class VirtualMachine:
    def __init__(self, process: Process, work: Path):
        self.process = process
        self.socket = work / "gdb"
        self._serial = work / "serial"
        self._packets = work / "packets"
        self._stderr = bytearray()
        self._listening = asyncio.Event()
        self._reader = asyncio.create_task(self._read_stderr())

    @classmethod
    async def start(cls, gdbvm: str, case: Case, work: Path) -> "VirtualMachine":
        command = [gdbvm, "--gdb", f"unix:{work}/gdb", "--serial", f"file:{work}/serial"]
        command += ["--trace", f"rsp:{work}/packets"]
        # A guest that does not have to end by itself stays as gdb leaves it, for the report.
        if case.status is None and not any(each.startswith("--on-detach") for each in case.args):
            command += ["--on-detach", "stop"]
        if case.recording is not None:
            command += ["--record", str(case.recording)]
        if case.coverage is not None:
            command += ["--coverage", str(case.coverage)]
        command += case.args if case.snapshot is None else after_boot(case.args) + ["--restore", str(case.snapshot)]
        return cls(await processes.start(command + [str(case.guest)], stderr=PIPE), work)

    async def listening(self, seconds: float) -> bool:
        """False if it has neither listened nor exited by then."""
        waiting = asyncio.create_task(self._listening.wait())
        done, _ = await asyncio.wait({waiting, self._reader}, timeout=max(seconds, 0),
                                     return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._reader in done and not self.is_listening:
            raise DidNotListen("gdbvm did not listen: " + self.stderr().strip().replace("\n", "; "))
        return bool(done)

    @property
    def is_listening(self) -> bool:
        return self._listening.is_set()

    async def finish(self) -> None:
        """Ends it if it is still running, and reads the rest of its output."""
        await processes.end(self.process)
        await self._reader

    @property
    def status(self) -> int | None:
        return self.process.returncode

    def serial(self) -> str:
        return read_text(self._serial).replace("\r", "")

    def stderr(self) -> str:
        return self._stderr.decode(errors="replace")

    def last_packets(self, count: int) -> list[str]:
        max_line = 512  # gdbvm shortens longer lines
        if not self._packets.exists():
            return []
        with self._packets.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - count * max_line))
            return file.read().decode(errors="replace").splitlines()[-count:]

    async def _read_stderr(self) -> None:
        while some := await self.process.stderr.read(65536):
            self._stderr += some
            if not self.is_listening and LISTENING.search(self._stderr):
                self._listening.set()


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
