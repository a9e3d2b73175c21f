#!/usr/bin/env python3
"""Random guest programs, each run freely and again under a debugger that does random things: the results must match.

  random_guests.py GDBVM [--seeds N] [--first SEED] [--jobs N] [--seconds S] [-v]

Prints each failure with its seed, and finally "N seeds: N passed, N failed". Each seed has three runs: a free one; one
stepped from start to end, which gives the path of the program; and one with random steps, breakpoints and watchpoints,
whose every stop is checked against that path. Registers, memory and serial output must be the same at the end of all.
"""

import argparse
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile
import time

from client import DEADLINE, ProtocolError, Session
from program import BASE, BUFFER_SIZE, Program

STEPS = 20000  # no program is longer
STRINGS = "rep string"
WATCH_KINDS = {2: "watch", 3: "rwatch", 4: "awatch"}


class Wrong(Exception):
    pass


def run_freely(gdbvm, image, directory):
    serial = os.path.join(directory, "serial")
    done = subprocess.run(
        [gdbvm, "--run", "--gdb", "none", "--serial", "file:" + serial, image],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE,
    )  # fmt: skip
    if done.returncode != 1:
        raise Wrong(f"the free run ended with {done.returncode}: {done.stderr.decode()}")
    with open(serial, "rb") as file:
        return file.read()


class Walk:
    """The path of a program and a session's position on it. A rep instruction counts once, however often it stops."""

    def __init__(self, program, session):
        self.program = program
        self.session = session
        self.log = []

    def name(self, address):
        return f"{address:#x} ({self.program.instructions.get(address, 'no instruction')})"

    def do(self, text):
        self.log.append(text)

    def record(self):
        path = [self.session.pc()]
        while path[-1] != self.program.end:
            stop = self.session.resume("s")
            if stop.kind != "step":
                raise Wrong(f"a step from {self.name(path[-1])} ended with {stop.reply}")
            pc = stop.pc
            if pc != path[-1] or self.program.instructions.get(pc) != STRINGS:
                path.append(pc)
            if len(path) > STEPS or pc not in self.program.instructions:
                raise Wrong(f"stepping went to {self.name(pc)} after {self.name(path[-2])}")
        return path


class RandomDebugger(Walk):
    def __init__(self, program, session, path, seed):
        super().__init__(program, session)
        self.random = random.Random(~seed)
        self.path = path
        self.at = 0
        self.breakpoints = {}  # (kind, address): stops
        self.watchpoints = {}  # (kind, address, length): contents
        self.addresses = sorted(program.instructions)

    def run(self):
        for _ in range(self.random.randrange(20, 80)):
            self.edit()
            action = self.random.choices(["step", "continue", "range", "peek"], [4, 5, 1, 1])[0]
            getattr(self, action)() if action != "continue" else self.go_on()
            if self.path[self.at] == self.program.end:
                break
        self.leave()

    # ---- breakpoints and watchpoints ----

    def edit(self):
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 4])):
            self.random.choice([self.insert_breakpoint, self.insert_watchpoint, self.remove])()

    def insert_breakpoint(self):
        if self.random.random() < 0.7:  # on the program's path
            address = self.random.choice(self.path[self.at :])
        else:
            address = self.random.choice(self.addresses)
        kind = self.random.randrange(2)
        never = self.random.random() < 0.2
        condition = ";X3,220027" if never else ""  # const8 0, end
        self.do(f"Z{kind} {self.name(address)}{' if 0' if never else ''}")
        self.session.order(f"Z{kind},{address:x},1{condition}")
        self.breakpoints[kind, address] = not never

    def insert_watchpoint(self):
        r = self.random
        kind = r.choice([2, 2, 2, 3, 4])
        length = r.choice([1, 2, 4, 8, 8, 3, 16, 24, 61, 200])
        places = [(self.program.buffer, BUFFER_SIZE)] * 6 + [(self.program.stack_top - 64, 64)] * 2
        places += [(self.program.counters, 64), (self.program.idt, 0x100), (BASE, 0x300)]
        start, size = r.choice(places)
        address = start + r.randrange(max(1, size - length))
        self.do(f"Z{kind} {address:#x}+{length}")
        self.session.order(f"Z{kind},{address:x},{length:x}")
        self.watchpoints[kind, address, length] = self.session.read(address, length)

    def remove(self):
        every = list(self.breakpoints) + list(self.watchpoints)
        if every:
            self.remove_one(self.random.choice(every))

    def remove_one(self, key):
        self.do("z{} {:#x}".format(*key))
        self.session.order(f"z{key[0]},{key[1]:x},{key[2] if len(key) > 2 else 1:x}")
        (self.watchpoints if len(key) > 2 else self.breakpoints).pop(key)

    # ---- moving on ----

    def stops_at(self, address):
        return any(where == address and stops for (_, where), stops in self.breakpoints.items())

    def step(self):
        for _ in range(self.random.randrange(1, 8)):
            if self.path[self.at] == self.program.end:
                return
            self.do("step")
            self.check(self.session.resume("s"), self.at + 1, "step")

    def range(self):
        pc = self.path[self.at]
        end = pc + self.random.randrange(1, 64)
        last = self.at + 1
        while last < len(self.path) - 1 and pc <= self.path[last] < end and not self.stops_at(self.path[last]):
            last += 1
        self.do(f"range to {end:#x}")
        self.check(self.session.resume(f"r{pc:x},{end:x}"), last, "range")

    def go_on(self):
        if not self.stops_at(self.program.end):
            self.session.order(f"Z1,{self.program.end:x},1")
            self.breakpoints[1, self.program.end] = True
        last = self.at  # a breakpoint right here stops again: gdb removes it before it resumes
        while not self.stops_at(self.path[last]):
            last += 1
        self.do("continue")
        self.check(self.session.resume("c"), last, "break")

    def peek(self):
        """Memory shows the guest's bytes, never gdbvm's."""
        length = self.random.randrange(1, 128)
        start = BASE + self.random.randrange(len(self.program.code) - length)
        shown = self.session.read(start, length)
        for i, byte in enumerate(shown):
            if start + i not in self.program.patched and byte != self.program.code[start + i - BASE]:
                raise Wrong(f"the byte at {start + i:#x} reads {byte:02x}")

    def check(self, stop, last, wanted):
        """The stop is at self.path[last] for the wanted reason, or on the way there for a watchpoint."""
        pc = stop.pc
        self.do(f"  {stop} at {self.name(pc)}")
        here = self.path[self.at]
        repeats = pc == here and self.program.instructions[here] == STRINGS
        changed = [key for key, old in self.watchpoints.items() if self.session.read(key[1], key[2]) != old]
        if stop.kind in WATCH_KINDS.values():
            on_the_way = [i for i in range(self.at + 1, last + 1) if self.path[i] == pc]
            if not on_the_way and not repeats:
                raise Wrong(f"{stop} at {self.name(pc)}, which is not between here and {self.name(self.path[last])}")
            if not any(WATCH_KINDS[kind] == stop.kind and where <= stop.address < where + length
                       for kind, where, length in self.watchpoints):  # fmt: skip
                raise Wrong(f"{stop}, where nothing is watched so")
            self.at = on_the_way[0] if on_the_way else self.at
        else:
            self.check_arrival(stop, pc, last, wanted, repeats)
            missed = [key for key in changed if key[0] != 3]
            if missed:
                raise Wrong("changed unnoticed: Z{} {:#x}+{}".format(*missed[0]))
        for key in changed:
            self.watchpoints[key] = self.session.read(key[1], key[2])

    def check_arrival(self, stop, pc, last, wanted, repeats):
        if pc != self.path[last] and not repeats:
            raise Wrong(f"{stop} at {self.name(pc)} instead of {self.name(self.path[last])}")
        kinds = {"swbreak": 0, "hwbreak": 1}
        if stop.kind in kinds:
            if wanted == "step" or not self.breakpoints.get((kinds[stop.kind], pc)):
                raise Wrong(f"{stop} where none is set")
        elif stop.kind != "step" or wanted == "break":
            raise Wrong(f"{stop.reply} instead of a {wanted}")
        self.at = self.at if repeats and pc != self.path[last] else last

    def leave(self):
        """Without a debugger: detached with everything still set, or continued with nothing set."""
        if self.random.randrange(3) == 0:
            self.do("detach")
            self.session.order("D")
            return
        for key in list(self.breakpoints) + list(self.watchpoints):
            self.remove_one(key)
        self.do("continue to the exit")
        stop = self.session.resume("c")
        if stop.kind != "exit 01":
            raise Wrong(f"the guest ended with {stop.reply}")


def compare(program, free, serial, status, run):
    if status not in (0, 1):
        raise Wrong(f"{run}: gdbvm ended with {status}")
    if serial == free:
        return
    if len(serial) != len(free):
        raise Wrong(f"{run}: {len(serial)} bytes on the serial port, not {len(free)}")
    memory = len(free) - (program.image_end - BASE)
    differences = [i for i in range(len(free)) if serial[i] != free[i]]
    where = [f"{BASE + i - memory:#x}" if i >= memory else f"byte {i} of its output" for i in differences[:6]]
    values = [f"{free[i]:02x} became {serial[i]:02x}" for i in differences[:6]]
    raise Wrong(f"{run}: {len(differences)} bytes differ: " + ", ".join(f"{w} {v}" for w, v in zip(where, values)))


def run_seed(gdbvm, seed, verbose=False):
    """None, or what went wrong."""
    program = Program(seed)
    walk = None
    with tempfile.TemporaryDirectory(prefix="gdbvm.") as directory:
        image = os.path.join(directory, "guest.elf")
        with open(image, "wb") as file:
            file.write(program.elf())
        sessions = []

        def session():
            sessions.append(Session(gdbvm, image, tempfile.mkdtemp(dir=directory)))
            return sessions[-1]

        try:
            free = run_freely(gdbvm, image, directory)
            walk = Walk(program, session())
            path = walk.record()
            walk.session.order("D")
            compare(program, free, *walk.session.wait(), "stepped")
            walk = RandomDebugger(program, session(), path, seed)
            walk.run()
            walk.session.close_gently()
            compare(program, free, *walk.session.wait(), "debugged")
        except (Wrong, ProtocolError, subprocess.TimeoutExpired, TimeoutError, OSError) as problem:
            text = f"seed {seed}: {problem}"
            if verbose and walk:
                text += "".join("\n  " + line for line in walk.log)
            return text
        finally:
            for used in sessions:
                used.close()
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gdbvm")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=600, help="start no further seed after this time")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what the debugger did before a failure")
    options = parser.parse_args()

    end = time.monotonic() + options.seconds
    seeds = range(options.first, options.first + options.seeds)

    def one(seed):
        return run_seed(options.gdbvm, seed, options.verbose) if time.monotonic() < end else "late"

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = [result for result in pool.map(one, seeds) if result != "late"]
    failures = [result for result in results if result]
    for failure in failures:
        print(failure)
    print(f"{len(results)} seeds: {len(results) - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
