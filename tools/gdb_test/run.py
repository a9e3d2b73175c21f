"""Runs one test: a fresh guest, a fresh gdb, and on failure a report while the guest is still there."""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from . import coverage, processes, recordings
from .case import BadCase, Case
from .debugger import FILES, Debugger
from .expectations import Expectations, read_expectations
from .result import Outcome, Result
from .snapshots import Snapshots
from .virtual_machine import DidNotListen, VirtualMachine, read_text

REPORT_SECONDS = 15.0
PACKETS = 40


@dataclass(frozen=True)
class Tools:
    gdbvm: str
    debugger: Debugger
    work: Path  # each test gets its own directory in here
    keep: Path | None  # where the directory is moved in the end, see kept_in()
    recordings: Path | None  # where those of tests that do not pass are kept
    coverage: Path | None  # where that of each test is written
    snapshots: Snapshots  # for tests that begin after a boot


class SnapshotRefused(BadCase):
    """gdbvm does not start from this file."""


class CoverageRefused(BadCase):
    """gdbvm has none for such an image."""


class RecordingRefused(BadCase):
    """gdbvm keeps no history of such a machine."""


@dataclass
class Attempt:
    """The state of a running test."""

    case: Case
    work: Path
    deadline: float
    vm: VirtualMachine
    problem: str = ""
    timed_out: bool = False

    def remaining(self) -> float:
        return self.deadline - time.monotonic()

    def fails(self, problem: str) -> None:
        self.problem = f"{self.problem}; {problem}" if self.problem else problem

    def is_late(self, what: str) -> None:
        self.timed_out = True
        self.fails(f"{what} after {self.case.timeout:g} s")

    def output(self) -> str:
        gdb_output = read_text(self.work / "gdb_output").rstrip("\n")
        return f"{gdb_output}\n=== serial\n{self.vm.serial()}\n=== stderr\n{self.vm.stderr()}"


def reason_to_skip(case: Case) -> str | None:
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "/dev/kvm cannot be opened"
    for need in case.needs:
        if not (os.path.exists(need) if need.startswith("/") else shutil.which(need)):
            return f"there is no {need}"
    return None


async def run_case(case: Case, tools: Tools) -> Result:
    began = time.monotonic()
    if reason := reason_to_skip(case):
        return Result(case.name, Outcome.SKIPPED, reason)
    try:
        expectations = read_expectations(case.expect)
        work = Path(tempfile.mkdtemp(prefix="", dir=tools.work))
        try:
            (work / FILES).mkdir()
            return await attempt_covered(case, expectations, tools, work)
        finally:
            put_away(work, tools.keep and kept_in(tools.keep, case))
    except (BadCase, OSError) as error:  # fails this test only
        output = getattr(error, "output", "")
        return Result(case.name, Outcome.FAILED, str(error), output, seconds=time.monotonic() - began)


def kept_in(keep: Path, case: Case) -> Path:
    return keep / (case.name + ".kept")


def check_kept(keep: Path, cases: list[Case]) -> None:
    """Only what an earlier run left may be replaced."""
    for case in cases:
        folder = kept_in(keep, case)
        if folder.exists() and not (folder / FILES).is_dir():
            raise BadCase(f"{folder} already exists and was not left by a test")


def put_away(work: Path, keep: Path | None) -> None:
    if keep is None:
        return shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(keep, ignore_errors=True)
    keep.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(work, keep)


async def attempt_covered(case: Case, expectations: Expectations, tools: Tools, work: Path) -> Result:
    """An image without line tables is tested without coverage."""
    try:
        return await attempt_recorded(coverage.begin(tools.coverage, case), expectations, tools, work)
    except CoverageRefused:
        return await attempt_recorded(case, expectations, tools, work)


async def attempt_recorded(case: Case, expectations: Expectations, tools: Tools, work: Path) -> Result:
    """A machine of which there can be no recording is tested without one."""
    result = Result(case.name, Outcome.FAILED)
    run = attempt_after_boot if case.after else attempt
    try:
        result = await run(recordings.begin(tools.recordings, case), expectations, tools, work)
    except RecordingRefused as refusal:
        result = await run(case, expectations, tools, work)
        if result.is_bad:
            result = replace(result, report=f"{result.report}=== there is no recording\n{refusal}\n")
    finally:
        result = recordings.end(tools.recordings, case, tools.gdbvm, result)
    return result


async def attempt_after_boot(case: Case, expectations: Expectations, tools: Tools, work: Path) -> Result:
    """Waiting for the boot is not part of the test's time."""
    saved = await tools.snapshots.of(case)
    try:
        return await attempt(replace(case, snapshot=saved.path), expectations, tools, work)
    except SnapshotRefused:  # truncated, say: it is made again, once
        saved = await tools.snapshots.of(case, refused=saved)
        return await attempt(replace(case, snapshot=saved.path), expectations, tools, work)


async def attempt(case: Case, expectations: Expectations, tools: Tools, work: Path) -> Result:
    began = time.monotonic()
    try:
        vm = await VirtualMachine.start(tools.gdbvm, case, work)
    except OSError as error:
        return Result(case.name, Outcome.FAILED, f"cannot run {tools.gdbvm}: {error.strerror}")
    this = Attempt(case, work, began + case.timeout, vm)
    report = ""
    try:
        await drive(this, tools.debugger)
        if this.problem or expectations.problem(this.output().splitlines()):
            report = await examine(this, tools.debugger)
    finally:
        await vm.finish()
    if (mismatch := expectations.problem(this.output().splitlines())) and not this.timed_out:
        this.fails(mismatch)
    seconds = time.monotonic() - began
    if not this.problem:
        return Result(case.name, Outcome.PASSED, output=this.output(), seconds=seconds)
    outcome = Outcome.TIMED_OUT if this.timed_out else Outcome.FAILED
    return Result(case.name, outcome, this.problem, this.output(), report, seconds)


async def drive(this: Attempt, debugger: Debugger) -> None:
    """Runs the script to its end or to the time limit, then waits for the guest's end if one is expected."""
    try:
        if not await this.vm.listening(this.remaining()):
            return this.is_late("gdbvm did not listen")
    except DidNotListen as problem:
        if this.case.snapshot is not None and str(this.case.snapshot) in str(problem):
            raise SnapshotRefused(str(problem)) from None
        if recordings.is_refused(this.case, str(problem)):
            raise RecordingRefused(str(problem)) from None
        if coverage.is_refused(this.case, str(problem)):
            raise CoverageRefused(str(problem)) from None
        return this.fails(str(problem))
    gdb = await debugger.run_script(this.case, this.work, this.vm.socket)
    try:
        if not await processes.ended_within(gdb, this.remaining()):
            return this.is_late("gdb had not ended")
    finally:
        await processes.kill(gdb)
    if gdb.returncode != this.case.gdb_status:
        this.fails(f"gdb ended with {describe(gdb.returncode)}, not {describe(this.case.gdb_status)}")
    if this.case.status is None or this.problem:
        return None
    if not await processes.ended_within(this.vm.process, this.remaining()):
        return this.is_late("the guest had not ended")
    if this.vm.status != this.case.status:
        this.fails(f"gdbvm ended with {describe(this.vm.status)}, not {describe(this.case.status)}")
    return None


async def examine(this: Attempt, debugger: Debugger) -> str:
    """Every CPU's registers and backtrace, obtained by a second gdb, and the last packets of the first one."""
    packets = "\n".join(["=== the last packets", *this.vm.last_packets(PACKETS)])
    if this.vm.status is not None:
        return f"=== the guest has ended: {describe(this.vm.status)}\n{packets}\n"
    if not this.vm.is_listening:
        return packets + "\n"
    gdb = await debugger.report(this.case, this.work)
    try:
        in_time = await processes.ended_within(gdb, REPORT_SECONDS)
    finally:
        await processes.kill(gdb)
    late = "" if in_time else f"gdb did not finish this report within {REPORT_SECONDS:g} s\n"
    return f"=== the guest's CPUs\n{read_text(this.work / 'report')}{late}{packets}\n"


def describe(status: int) -> str:
    return f"status {status}" if status >= 0 else f"signal {-status}"
