"""The recordings of tests that did not pass: what the guest did, for gdbvm --replay."""

import os
import re
import shlex
from dataclasses import replace
from pathlib import Path

from .case import BadCase, Case
from .own_files import is_own, make_way
from .result import Result

MAGIC = b"gdbvm recording"
REFUSED = re.compile(r"\bhistory\b|--record\b")  # gdbvm keeps none of such a machine, and says why


def recording_in(folder: Path, case: Case) -> Path:
    return folder / (case.name + ".recording")


def unfinished_in(folder: Path, case: Case) -> Path:
    """Where it is written: in the same folder, as it is large and mostly holes."""
    return folder / (case.name + ".recording.unfinished")


def check_recordings(folder: Path, cases: list[Case]) -> None:
    """Only what an earlier run left may be replaced."""
    for case in cases:
        for path in (recording_in(folder, case), unfinished_in(folder, case)):
            if path.exists() and not is_own(path, MAGIC):
                raise BadCase(f"{path} already exists and is not a recording")


def begin(folder: Path | None, case: Case) -> Case:
    if folder is None:
        return case
    return replace(case, recording=make_way(unfinished_in(folder, case)))


def is_refused(case: Case, sentence: str) -> bool:
    return case.recording is not None and REFUSED.search(sentence) is not None


def end(folder: Path | None, case: Case, gdbvm: str, result: Result) -> Result:
    """Kept if the test has not passed, and then the result says how to replay it."""
    if folder is None:
        return result
    path = unfinished_in(folder, case)
    if not path.exists():
        return result
    if not result.is_bad:
        path.unlink()
        return result
    kept = recording_in(folder, case)
    os.replace(path, kept)
    return replace(result, report=f"{result.report}=== to replay it\n{replaying(kept, case, gdbvm)}\n")


def replaying(recording: Path, case: Case, gdbvm: str) -> str:
    symbols = f" {shlex.quote(str(case.symbols))}" if case.symbols else ""
    return f"{shlex.quote(gdbvm)} --replay {shlex.quote(str(recording))} -- gdb -ex 'target remote {{remote}}'{symbols}"
