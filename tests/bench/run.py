"""Measures gdbvm, QEMU, gdbserver and a bare KVM loop in one run, interleaved; see tools/bench."""

import argparse
import os
import signal
import sys
import time

from driver import report
from driver.rows import ROWS, measure_row
from driver.subjects import Subjects

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def log(text):
    print(text, file=sys.stderr, flush=True)


def arguments():
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", choices=names, help="rows: " + ", ".join(names))
    parser.add_argument("--rounds", type=int, help="rounds of each row, instead of the row's default")
    parser.add_argument("--smoke", action="store_true", help="one quick round: does everything start?")
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    return parser.parse_args()


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server stays behind
    rows = [row for row in ROWS if not options.only or row.name in options.only]
    if options.smoke:
        for row in rows:
            row.measures = {name: measure for name, measure in row.measures.items() if name not in row.once}
    subjects = Subjects(options.build)
    before = report.load(os.path.join(ROOT, "docs", "performance.json"))
    results, complete = {}, True
    try:
        for row in rows:
            began = time.monotonic()
            values = measure_row(row, subjects, 1 if options.smoke else options.rounds or row.rounds, log)
            complete = complete and all(values.values())
            results[row.name] = report.medians(values)
            log(f"{row.name}: {time.monotonic() - began:.0f} s")
    finally:
        subjects.close()
    print(report.table(rows, results))
    losses = [] if options.smoke else list(report.slower(rows, results, before))
    for loss in losses:
        print("slower:", loss)
    if complete and not options.only and not options.smoke:
        report.save(os.path.join(ROOT, "docs", "performance.json"), results)
        report.put_between_marks(os.path.join(ROOT, "docs", "performance.md"), report.table(rows, results))
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
