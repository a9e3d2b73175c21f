"""The snapshots that tests start from: files in a folder, each made by the first test that needs it."""

import functools
import hashlib
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from .case import BadCase, Case
from .exclusive import exclusive


@dataclass(frozen=True)
class Saved:
    path: Path
    identity: tuple[int, int]  # another file at the same path has another one


def saved_at(path: Path) -> Saved | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return Saved(path, (status.st_ino, status.st_mtime_ns))


class Snapshots:
    def __init__(self, folder: Path, gdbvm: Path, boot: Callable[[Case, Path], Awaitable[None]]):
        """`boot` boots a case's guest, saves it where the case begins, at the path, and raises BadCase if it cannot."""
        self._folder = folder
        self._gdbvm = gdbvm
        self._boot = boot
        self._began = time.time_ns()

    async def of(self, case: Case, refused: Saved | None = None) -> Saved:
        """Makes it unless there is one, other than `refused`, which gdbvm did not accept. Any number of tests and
        processes may ask at the same time: one boots, and the others wait for it and share its snapshot or failure."""
        self._folder.mkdir(parents=True, exist_ok=True)
        slot = self._folder.resolve() / slot_of(case, self._gdbvm)
        path = slot.with_name(f"{slot.name}.{contents_of(case, self._gdbvm)}.snapshot")
        if (saved := saved_at(path)) not in (None, refused):
            return saved
        async with exclusive(slot.with_name(slot.name + ".lock")):
            if (saved := saved_at(path)) not in (None, refused):
                return saved
            await self._make(case, slot, path)
        return saved_at(path)

    async def _make(self, case: Case, slot: Path, path: Path) -> None:
        failure = path.with_suffix(".failure")
        if failure.exists() and failure.stat().st_mtime_ns >= self._began:  # while this run of tests lasted
            raise BadCase(failure.read_text())
        for old in slot.parent.glob(slot.name + ".*.*"):
            old.unlink(missing_ok=True)
        try:
            await self._boot(case, path)
        except BadCase as problem:
            failure.write_text(str(problem))
            raise


def slot_of(case: Case, gdbvm: Path) -> str:
    """What keeps its place when the guest is built again, so that the folder does not grow."""
    place = digest(repr((case.guest.resolve(), case.symbols and case.symbols.resolve(), case.args, gdbvm)).encode())
    name = "".join(each if each.isalnum() or each in "_-" else "_" for each in f"{case.guest.name}-{case.after}")
    return f"{name[:100]}-{digest(case.after.encode() + place.encode())[:16]}"


def contents_of(case: Case, gdbvm: Path) -> str:
    """Of all that decides what the guest is once it has been booted."""
    parts = [state_of(gdbvm), host(), contents(case.guest)]
    if case.symbols:
        parts.append(contents(case.symbols))
    after_disk = False
    for word in case.args:
        option, _, value = word.rpartition("=")
        # A snapshot goes with a disk that has its size and time. Others may have words after their names.
        describe = state_of if after_disk or option == "--disk" else contents
        parts += [describe(path) for path in files_in(value)]
        after_disk = word == "--disk"
    return digest("\n".join(parts).encode())[:32]


def files_in(word: str) -> list[Path]:
    """FILE, or FILE before a comma or a space, as gdbvm's options have it."""
    candidates = {word, word.split(",")[0], word.split(" ")[0]} - {""}
    return [Path(each) for each in sorted(candidates) if os.path.isfile(each)]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@functools.cache
def contents(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadCase(f"cannot read {path}: {error.strerror}") from None


def state_of(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "absent"  # which gdbvm, or the one who starts it, says
    return f"{path} {status.st_size} {status.st_mtime_ns}"


@functools.cache
def host() -> str:
    """A guest has chosen its instructions by the CPU that it was booted on."""
    first_cpu = Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    return "\n".join(line for line in first_cpu.splitlines() if line.startswith(("model", "flags")))
