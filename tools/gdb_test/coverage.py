"""Which source lines the guests of all tests have executed together, in lcov's format."""

import re
from dataclasses import replace
from pathlib import Path

from .case import BadCase, Case
from .own_files import is_own, make_way

BEGINNING = "TN:gdbvm\n"
REFUSED = re.compile(r"\bcoverage\b")  # gdbvm has none for such an image, and says why
SUM = "coverage"


def info_in(folder: Path, case: Case) -> Path:
    return folder / (case.name + ".info")


def sum_in(folder: Path) -> Path:
    return folder / (SUM + ".info")


def check_coverage(folder: Path, cases: list[Case]) -> None:
    """Only what an earlier run left may be replaced."""
    if any(case.name == SUM for case in cases):
        raise BadCase(f"the coverage of the test '{SUM}' would be in the place of the sum, {sum_in(folder)}")
    for path in [sum_in(folder), *(info_in(folder, case) for case in cases)]:
        if path.exists() and not is_own(path, BEGINNING.encode()):
            raise BadCase(f"{path} already exists and is not coverage")


def begin(folder: Path | None, case: Case) -> Case:
    if folder is None:
        return case
    return replace(case, coverage=make_way(info_in(folder, case)))


def is_refused(case: Case, sentence: str) -> bool:
    return case.coverage is not None and REFUSED.search(sentence) is not None


class Sum:
    """Lines and functions by source file; executed in one of the parts is executed."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, int]] = {}
        self._functions: dict[str, dict[str, tuple[int, int]]] = {}

    def add(self, text: str) -> None:
        lines, functions = {}, {}
        for word, _, rest in (line.partition(":") for line in text.splitlines()):
            first, _, last = rest.partition(",")
            if word == "SF":
                lines, functions = self._lines.setdefault(rest, {}), self._functions.setdefault(rest, {})
            elif word == "DA":
                lines[int(first)] = max(int(last), lines.get(int(first), 0))
            elif word == "FN":
                functions.setdefault(last, (int(first), 0))
            elif word == "FNDA":
                line, count = functions[last]
                functions[last] = (line, max(int(first), count))

    def text(self) -> str:
        return BEGINNING + "".join(self._record(path) for path in sorted(self._lines))

    def _record(self, path: str) -> str:
        lines, functions = sorted(self._lines[path].items()), sorted(self._functions[path].items(), key=lambda f: f[1][0])
        record = [f"SF:{path}"]
        record += [f"FN:{line},{name}" for name, (line, _) in functions]
        record += [f"FNDA:{count},{name}" for name, (_, count) in functions]
        record += [f"FNF:{len(functions)}", f"FNH:{sum(count > 0 for _, (_, count) in functions)}"]
        record += [f"DA:{number},{count}" for number, count in lines]
        record += [f"LF:{len(lines)}", f"LH:{sum(count > 0 for _, count in lines)}", "end_of_record"]
        return "\n".join(record) + "\n"


def finish(folder: Path, cases: list[Case]) -> None:
    total = Sum()
    for path in (info_in(folder, case) for case in cases):
        if path.exists():
            total.add(path.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    sum_in(folder).write_text(total.text(), encoding="utf-8")
