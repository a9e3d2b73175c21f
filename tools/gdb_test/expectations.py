"""The expected lines of a test: regular expressions that must match in this order, and some that must match nowhere."""

import re
from dataclasses import dataclass
from pathlib import Path

from .case import BadCase

# Python's regular expressions lack the bracketed classes of POSIX.
POSIX_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": r" \t", "digit": "0-9", "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~", "space": r"\s", "upper": "A-Z", "xdigit": "0-9A-Fa-f",
}


def compile_line(text: str, where: str) -> re.Pattern[str]:
    for name, members in POSIX_CLASSES.items():
        text = text.replace(f"[:{name}:]", members)
    try:
        return re.compile(text)
    except re.error as error:
        raise BadCase(f"{where}: '{text}' is not a regular expression: {error}") from None


@dataclass(frozen=True)
class Expectations:
    wanted: list[re.Pattern[str]]
    never: list[re.Pattern[str]]

    def problem(self, lines: list[str]) -> str | None:
        """What is wrong with these lines; None if nothing is."""
        at = 0
        for line in lines:
            if any(each.search(line) for each in self.never):
                return f"unwanted line: {line}"
            if at < len(self.wanted) and self.wanted[at].search(line):
                at += 1
        if at < len(self.wanted):
            return f"expected, not found in this order: {self.wanted[at].pattern}"
        return None


def read_expectations(path: Path | None) -> Expectations:
    """Without a file, all that is expected is that gdb and the guest exit as they should."""
    wanted, never = [], []
    text = path.read_text(encoding="utf-8", errors="replace") if path else ""
    for count, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{count}"
        if line.startswith("! "):
            never.append(compile_line(line[2:], where))
        elif line and not line.startswith("#"):
            wanted.append(compile_line(line, where))
    return Expectations(wanted, never)
