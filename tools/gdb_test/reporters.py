"""Results for people and for machines: one reporter per format, each given the results in the tests' order."""

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from .result import Outcome, Result

# What XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def evidence(result: Result) -> str:
    return result.output.rstrip("\n") + "\n" + result.report


def indented(text: str, margin: str) -> str:
    return "".join(f"{margin}{line}\n" for line in text.splitlines())


def summary(results: list[Result]) -> str:
    count = Counter(result.outcome for result in results)
    return (f"{count[Outcome.PASSED]} passed, {count[Outcome.FAILED]} failed, {count[Outcome.TIMED_OUT]} timed out, "
            f"{count[Outcome.SKIPPED]} skipped")


class Text:
    def __init__(self, out: TextIO):
        self._out = out

    def begin(self, total: int) -> None:
        pass

    def add(self, result: Result) -> None:
        problem = f": {result.problem}" if result.problem else ""
        print(f"{result.outcome.value:<4} {result.name}{problem}", file=self._out)
        if result.is_bad:
            self._out.write(indented(evidence(result), "    | "))
        self._out.flush()

    def finish(self, results: list[Result]) -> None:
        print(summary(results), file=self._out)


class Tap:
    """TAP version 13; a `#` in a name is escaped with a backslash, so that it does not begin a directive."""

    def __init__(self, out: TextIO):
        self._out = out
        self._number = 0

    def begin(self, total: int) -> None:
        print(f"TAP version 13\n1..{total}", file=self._out, flush=True)

    def add(self, result: Result) -> None:
        self._number += 1
        ok = "not ok" if result.is_bad else "ok"
        skip = f" # SKIP {result.problem}" if result.outcome is Outcome.SKIPPED else ""
        print(f"{ok} {self._number} - {result.name.replace('#', chr(92) + '#')}{skip}", file=self._out)
        if result.is_bad:
            message = " ".join(result.problem.replace("'", "''").split("\n"))
            kind = "timeout" if result.outcome is Outcome.TIMED_OUT else "fail"
            print(f"  ---\n  message: '{message}'\n  severity: {kind}\n  duration_ms: {result.seconds * 1000:.0f}\n"
                  "  evidence: |2", file=self._out)
            self._out.write(indented(NOT_XML.sub("?", evidence(result)), "    "))
            print("  ...", file=self._out)
        self._out.flush()

    def finish(self, results: list[Result]) -> None:
        pass


class JUnit:
    """The XML that Jenkins, GitLab and others read. A time-out is an <error>, everything else a <failure>."""

    def __init__(self, path: Path, suite: str):
        self._path = path
        self._suite = suite

    def begin(self, total: int) -> None:
        self._path.write_text("")  # a file that cannot be written is noticed before hours of tests

    def add(self, result: Result) -> None:
        pass

    def finish(self, results: list[Result]) -> None:
        count = Counter(result.outcome for result in results)
        seconds = sum(result.seconds for result in results)
        cases = "".join(self._case(result) for result in results)
        self._path.write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
            f'<testsuite name={attribute(self._suite)} tests="{len(results)}" failures="{count[Outcome.FAILED]}" '
            f'errors="{count[Outcome.TIMED_OUT]}" skipped="{count[Outcome.SKIPPED]}" time="{seconds:.3f}">\n'
            f"{cases}</testsuite>\n</testsuites>\n", encoding="utf-8")

    def _case(self, result: Result) -> str:
        head = f'<testcase classname={attribute(self._suite)} name={attribute(result.name)} time="{result.seconds:.3f}"'
        message = attribute(result.problem)
        if result.outcome is Outcome.PASSED:
            return head + "/>\n"
        if result.outcome is Outcome.SKIPPED:
            return f"{head}><skipped message={message}/></testcase>\n"
        tag = "error" if result.outcome is Outcome.TIMED_OUT else "failure"
        kind = "timeout" if result.outcome is Outcome.TIMED_OUT else "failure"
        return (f'{head}><{tag} type="{kind}" message={message}>{content(result.report)}</{tag}>'
                f"<system-out>{content(result.output)}</system-out></testcase>\n")


def content(text: str) -> str:
    return escape(NOT_XML.sub("?", text))


def attribute(text: str) -> str:
    return quoteattr(NOT_XML.sub("?", text))


def open_reporters(tap: str | None, junit: Path | None, suite: str) -> tuple[list, TextIO | None]:
    """TAP on standard output replaces the text. The caller has to close the file that is returned, if any."""
    file = None
    if tap is None:
        reporters: list = [Text(sys.stdout)]
    elif tap == "-":
        reporters = [Tap(sys.stdout)]
    else:
        file = open(tap, "w", encoding="utf-8")
        reporters = [Text(sys.stdout), Tap(file)]
    if junit:
        reporters.append(JUnit(junit, suite))
    return reporters, file
