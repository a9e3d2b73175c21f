"""One test: a guest, the gdb script that drives it, and what is expected of the two."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

HEADER_LINES = 30
HEADER = re.compile(r"# ([a-z-]+): *(.*?) *$")
KEYS = {"guest", "symbols", "args", "after", "status", "gdb-status", "timeout", "needs"}
DEFAULT_TIMEOUT = 20.0


class BadCase(Exception):
    """The test cannot be run as it is written; the text is a sentence for the user, and `output` is what led to it."""

    def __init__(self, sentence: str, output: str = ""):
        super().__init__(sentence)
        self.output = output


@dataclass(frozen=True)
class Case:
    name: str
    script: Path
    guest: Path
    symbols: Path | None
    expect: Path | None
    args: list[str] = field(default_factory=list)  # further options for gdbvm
    after: str | None = None  # where the test begins, for gdb's `tbreak`; None: at the first instruction
    snapshot: Path | None = None  # the guest as it was there
    recording: Path | None = None  # the file for what it does
    coverage: Path | None = None  # the file for which lines it executes
    status: int | None = None  # gdbvm must exit by itself with this status
    gdb_status: int = 0
    timeout: float = DEFAULT_TIMEOUT  # seconds
    needs: list[str] = field(default_factory=list)  # programs, and files by absolute path


@dataclass(frozen=True)
class Defaults:
    """What the command line says about all tests; None leaves it to their headers."""

    guest: Path | None = None
    guests: Path | None = None  # where relative guests are looked up; None: next to the script
    expect: Path | None = None
    timeout: float | None = None
    after: str | None = None
    args: list[str] = field(default_factory=list)
    name: str | None = None


def read_header(script: Path) -> dict[str, str]:
    """The `# key: value` lines at the script's head; the first of each key counts."""
    header: dict[str, str] = {}
    with script.open(encoding="utf-8", errors="replace") as lines:
        for _, line in zip(range(HEADER_LINES), lines):
            if (match := HEADER.match(line)) and match[1] in KEYS:
                header.setdefault(match[1], match[2])
    return header


def number(header: dict[str, str], key: str, kind: type, script: Path):
    if key not in header:
        return None
    try:
        value = kind(header[key])
    except ValueError:
        raise BadCase(f"{script}: '{header[key]}' is not a value for {key}") from None
    if value < 0:
        raise BadCase(f"{script}: {key} is negative")
    return value


def words(text: str, script: Path) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise BadCase(f"{script}: args: {error}") from None


def is_elf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"\x7fELF"
    except OSError:
        return False


def load_case(script: Path, defaults: Defaults, name: str) -> Case:
    header = read_header(script)
    folder = defaults.guests or script.parent
    if defaults.guest is not None:
        guest = defaults.guest
    elif header.get("guest"):
        guest = folder / header["guest"]
    else:
        raise BadCase(f"{script}: no guest is named, neither by a line '# guest: IMAGE' nor by --guest")
    symbols = header.get("symbols")
    if symbols is None:
        symbol_file = guest if is_elf(guest) else None
    else:
        symbol_file = None if symbols == "none" else folder / symbols
    expect = defaults.expect or script.with_suffix(".expect")
    timeout = defaults.timeout if defaults.timeout is not None else number(header, "timeout", float, script)
    return Case(
        name=defaults.name or name,
        script=script,
        guest=guest,
        symbols=symbol_file,
        expect=expect if defaults.expect or expect.exists() else None,
        args=words(header.get("args", ""), script) + defaults.args,
        after=defaults.after or header.get("after") or None,
        status=number(header, "status", int, script),
        gdb_status=number(header, "gdb-status", int, script) or 0,
        timeout=DEFAULT_TIMEOUT if timeout is None else timeout,
        needs=header.get("needs", "").split(),
    )
