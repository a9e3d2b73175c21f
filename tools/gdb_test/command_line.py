"""tools/gdb-test's command line."""

import argparse
import asyncio
import functools
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import coverage
from .boot import boot_and_save
from .case import BadCase, Case, Defaults
from .debugger import Debugger
from .parallel import run_all
from .recordings import check_recordings
from .reporters import open_reporters
from .result import Outcome, Result
from .run import Tools, check_kept
from .snapshots import Snapshots
from .suite import find_cases, shard

BAD_USE = 2
ALL_SKIPPED = 77
ENOUGH_TO_CACHE = 8  # from this many tests on, keeping gdb's compiled Python modules pays off

DESCRIPTION = """\
Runs guests under gdb scripts and compares the output of gdb, the guest's serial port and gdbvm with the expected lines.
A test is a script, NAME.gdb or NAME.py (Python for gdb), and next to it NAME.expect. A directory stands for all the
tests below it."""

EPILOG = """\
Exit status: 0 all passed or were skipped, 1 some failed, 2 usage error, 77 all were skipped. A script begins with lines
such as
  # guest: kernel.elf     (also: symbols, args, after, status, gdb-status, timeout, needs)
and connects to the guest with the command `connect`."""


def fraction(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if not match or int(match[1]) >= int(match[2]):
        raise argparse.ArgumentTypeError(f"'{text}' is not INDEX/COUNT with INDEX from 0 to COUNT-1")
    return int(match[1]), int(match[2])


def positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a positive number")
    return int(text)


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a positive number of seconds")
    return value


def expression(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a regular expression: {error}") from None


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gdb-test", description=DESCRIPTION, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="scripts and directories")
    which = parser.add_argument_group("tests")
    which.add_argument("--filter", metavar="REGEX", type=expression, help="only tests whose names match")
    which.add_argument("--shard", metavar="I/N", type=fraction, help="every Nth test from the Ith, counted from 0")
    which.add_argument("--list", action="store_true", help="print the names of the tests and run none")
    one = parser.add_argument_group("overriding the head of a script")
    one.add_argument("--guest", metavar="IMAGE", type=Path, help="the guest for all the tests")
    one.add_argument("--guests", metavar="DIR", type=Path, help="where '# guest:' is looked up (next to the script)")
    one.add_argument("--expect", metavar="FILE", type=Path, help="the expected lines (for a single test)")
    one.add_argument("--name", metavar="NAME", help="the name (for a single test)")
    one.add_argument("--timeout", metavar="S", type=seconds, help="seconds a test may take (20)")
    one.add_argument("--after", metavar="SYMBOL", help="where tests begin: the guest is booted to there once and saved")
    one.add_argument("--args", metavar="OPTIONS", type=shlex.split, action="extend", default=[],
                     help="further options for gdbvm, as one word: --args='--cpus 2'")
    run = parser.add_argument_group("running")
    run.add_argument("-j", "--jobs", metavar="N", type=positive, help="tests at once (as many as CPUs)")
    run.add_argument("--gdbvm", metavar="PROGRAM", help="the gdbvm to use (GDBVM in the environment, or the nearest)")
    run.add_argument("--gdb", metavar="PROGRAM", help="the gdb to use (GDB in the environment, or gdb)")
    run.add_argument("--cache", metavar="DIR", type=Path,
                     help="where guests saved for --after are kept (gdbvm in the user's cache)")
    run.add_argument("--keep", metavar="DIR", type=Path, help="leave each test's files below DIR")
    run.add_argument("--keep-recording", metavar="DIR", type=Path,
                     help="keep what the guest did in each test that does not pass below DIR, for gdbvm --replay")
    run.add_argument("--coverage", metavar="DIR", type=Path,
                     help="write which source lines the guests executed to DIR/coverage.info, for genhtml")
    out = parser.add_argument_group("results")
    out.add_argument("--tap", metavar="FILE", help="write TAP 13; to standard output, instead of the text, if FILE is -")
    out.add_argument("--junit", metavar="FILE", type=Path, help="write JUnit XML")
    return parser


def find_gdbvm(home: Path) -> str:
    """Next to this program if it is installed, in the build directory of a source tree, or in PATH."""
    for candidate in (home / "gdbvm", home.parent / "build" / "gdbvm"):
        if os.access(candidate, os.X_OK):
            return str(candidate)
    return shutil.which("gdbvm") or "gdbvm"


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gdbvm"


def choose_cases(options: argparse.Namespace) -> list[Case]:
    defaults = Defaults(guest=options.guest, guests=options.guests, expect=options.expect, timeout=options.timeout,
                        after=options.after, args=options.args, name=options.name)
    if options.expect and not options.expect.is_file():
        raise BadCase(f"there is no {options.expect}")
    cases = find_cases(options.paths, defaults, options.filter)
    if not cases:
        raise BadCase("there are no such tests")
    if (options.expect or options.name) and len(cases) != 1:
        raise BadCase(f"--expect and --name are for a single test, but there are {len(cases)}")
    if options.keep:
        check_kept(options.keep, cases)
    if options.keep_recording:
        check_recordings(options.keep_recording, cases)
    if options.coverage:
        coverage.check_coverage(options.coverage, cases)
    return shard(cases, *options.shard) if options.shard else cases


def status_of(results: list[Result]) -> int:
    if any(result.is_bad for result in results):
        return 1
    return ALL_SKIPPED if results and all(result.outcome is Outcome.SKIPPED for result in results) else 0


async def run_until_signal(cases: list[Case], tools: Tools, jobs: int, done: Callable[[Result], None]) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)

    await run_all(cases, tools, jobs, done)


def run_tests(cases: list[Case], options: argparse.Namespace, home: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="gdb-test.") as work:
        bytecode = Path(work) / "bytecode" if len(cases) >= ENOUGH_TO_CACHE else None
        debugger = Debugger(options.gdb or os.environ.get("GDB", "gdb"), bytecode)
        gdbvm = options.gdbvm or os.environ.get("GDBVM") or find_gdbvm(home)
        reporters, file = open_reporters(options.tap, options.junit, options.name or options.paths[0].stem)
        for each in reporters:
            each.begin(len(cases))
        boot = functools.partial(boot_and_save, gdbvm, debugger, Path(work))
        snapshots = Snapshots(options.cache or cache_folder(), Path(shutil.which(gdbvm) or gdbvm), boot)
        tools = Tools(gdbvm, debugger, Path(work), options.keep, options.keep_recording, options.coverage,
                      snapshots)
        results: list[Result] = []

        def done(result: Result) -> None:
            results.append(result)
            for each in reporters:
                each.add(result)

        try:
            asyncio.run(run_until_signal(cases, tools, options.jobs or os.cpu_count() or 1, done))
        finally:  # even if the run is cut short
            if options.coverage:
                coverage.finish(options.coverage, cases)
            for each in reporters:
                each.finish(results)
            if file:
                file.close()
        return status_of(results)


def main(home: Path) -> int:
    """`home` is the directory of the program that was started."""
    parser = make_parser()
    options = parser.parse_args()
    try:
        cases = choose_cases(options)
        if options.list:
            print("\n".join(case.name for case in cases))
            return 0
        return run_tests(cases, options, home)
    except (BadCase, OSError) as problem:
        print(f"gdb-test: {problem}", file=sys.stderr)
        return BAD_USE
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("gdb-test: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
