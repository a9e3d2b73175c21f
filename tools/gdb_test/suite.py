"""Which tests there are: scripts and directories from the command line, in a fixed order."""

import re
from pathlib import Path

from .case import BadCase, Case, Defaults, load_case

SUFFIXES = {".gdb", ".py"}


def scripts_below(folder: Path) -> list[Path]:
    """A script below a directory is a test if its expected lines are next to it; other scripts are shared by tests."""
    found = [path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.with_suffix(".expect").is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def find_scripts(paths: list[Path]) -> list[tuple[str, Path]]:
    """Each script with its test's name."""
    found = []
    for path in paths:
        if path.is_dir():
            found += [(script.relative_to(path).with_suffix("").as_posix(), script) for script in scripts_below(path)]
        elif not path.exists():
            raise BadCase(f"there is no {path}")
        elif path.suffix not in SUFFIXES:
            raise BadCase(f"{path} is neither a directory nor a gdb script (.gdb or .py)")
        else:
            found.append((path.stem, path))
    return found


def find_cases(paths: list[Path], defaults: Defaults, pattern: re.Pattern[str] | None) -> list[Case]:
    """The tests whose names match; the heads of others are not even read."""
    cases: dict[str, Case] = {}
    for name, script in find_scripts(paths):
        if pattern is not None and not pattern.search(name):
            continue
        if other := cases.get(name):
            raise BadCase(f"{script} and {other.script} are both the test {name}")
        cases[name] = load_case(script, defaults, name)
    return list(cases.values())


def shard(cases: list[Case], index: int, count: int) -> list[Case]:
    """The share of one of `count` machines, numbered from 0: each case is in exactly one share."""
    return cases[index::count]
