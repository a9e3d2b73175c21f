"""How a test ended."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    PASSED = "ok"
    FAILED = "FAIL"
    TIMED_OUT = "TIME"
    SKIPPED = "SKIP"


@dataclass(frozen=True)
class Result:
    name: str
    outcome: Outcome
    problem: str = ""  # one line: why it did not pass
    output: str = ""  # gdb's, the serial port's, gdbvm's
    report: str = ""  # of a test that did not pass: the guest's CPUs, the last packets
    seconds: float = 0.0

    @property
    def is_bad(self) -> bool:
        return self.outcome in (Outcome.FAILED, Outcome.TIMED_OUT)
