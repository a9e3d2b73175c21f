"""The rows of the table: what is measured for which subjects, and the goal that gdbvm has to reach."""

import dataclasses
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Callable

from driver.subjects import Failure, qemu_command, run, symbol

MIB = 1 << 20
SCRATCH = 0x1000000  # unused guest RAM, at least 64 MiB


@dataclasses.dataclass
class Goal:
    """gdbvm's value against another subject's, times a factor; both in the row's unit. Without a subject: the factor."""

    text: str
    factor: float
    subject: str | None = None
    more: float = 0  # added to the other's value


@dataclasses.dataclass
class Row:
    name: str
    title: str
    unit: str
    better: str  # "less" or "more"
    measures: dict[str, Callable]  # by subject, in the order of the table
    goals: list[Goal]
    rounds: int = 5
    once: tuple = ()  # subjects that are too slow for more than one round


def raw(subjects, name, *arguments):
    """One measurement of a server with the raw client."""
    server = subjects.get(name)
    command = [subjects.program("rsp_bench"), server.address, *map(str, arguments)]
    try:
        return float(run(command))
    except Failure:
        subjects.drop(name)  # its state is unknown now
        raise


def scratch(subjects, name):
    return symbol(subjects.get(name).program, "memory")[0] if name == "gdbserver" else SCRATCH


def client(name, measure, *arguments):
    return lambda subjects: raw(subjects, name, measure, *arguments)


def client_at_scratch(name, measure, length):
    return lambda subjects: raw(subjects, name, measure, scratch(subjects, name), length)


def echo(subjects):
    return float(run([subjects.program("echo_bench")]))


# ---- start-up


TESTS_A_ROUND = 200


def gdb_tests(*options):
    """Seconds for a thousand."""

    def measure(subjects):
        script = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "thousand_gdb_tests.sh")
        command = ["sh", script, "-b", subjects.build, "-n", str(TESTS_A_ROUND), *options]
        seconds = re.search(r"^([0-9.]+) s, ", run(command, timeout=600), re.MULTILINE)
        return float(seconds[1]) * 1000 / TESTS_A_ROUND

    return measure


def spawn(subjects, status, command):
    return float(run([subjects.program("spawn_time"), str(status), *command]))


def hello_gdbvm(subjects):
    return spawn(subjects, 1, [subjects.program("gdbvm"), "--run", "--gdb", "none", subjects.guest("hello")])


def hello_bare(subjects):
    return spawn(subjects, 1, [subjects.program("bare_kvm"), "hello", subjects.guest("hello")])


def hello_qemu(machine):
    return lambda subjects: spawn(subjects, 1, qemu_command(machine, subjects.guest("hello_pvh")))


def resident(subjects):
    """MiB of the process itself after a session: guest RAM, a mapping of 256 MiB, is left out."""
    raw(subjects, "gdbvm", "round-trip", "g", 10)
    total = 0
    guest_ram = False
    with open(f"/proc/{subjects.get('gdbvm').process.pid}/smaps", encoding="ascii") as maps:
        for line in maps:
            if found := re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line):
                guest_ram = int(found[2], 16) - int(found[1], 16) == 256 * MIB
            elif line.startswith("Rss:") and not guest_ram:
                total += int(line.split()[1])
    return total / 1024


# ---- several CPUs


def cpu_time(name, seconds=10):
    """Milliseconds of CPU time that the process takes in so many seconds, over all threads."""

    def measure(subjects):
        def taken():
            threads = Path(f"/proc/{subjects.get(name).process.pid}/task").iterdir()
            return sum(int((thread / "schedstat").read_text(encoding="ascii").split()[0]) for thread in threads) / 1e6

        before = taken()
        time.sleep(seconds)
        return taken() - before

    return measure


def cpu_time_stopped(subjects):
    raw(subjects, "spinning", "interrupt", 10)
    return cpu_time("spinning")(subjects)


def cpu_time_ticking(subjects):
    subjects.get("ticking")
    time.sleep(0.5)
    return cpu_time("ticking")(subjects)


def cpu_time_sleeping(subjects):
    return float(run([subjects.program("sleeping_ticks"), "1000", "10"]))


def cpu_time_halted(subjects):
    subjects.get("idle")
    time.sleep(0.5)  # until its CPUs are up
    return cpu_time("idle")(subjects)


# ---- snapshots

DIRTY_PAGES = 100


def snapshot(name, command, rounds=200):
    """Microseconds of `monitor savevm` or `loadvm` after so many pages were written all over RAM."""
    return client(name, "snapshots", command, SCRATCH, 224 * MIB, DIRTY_PAGES, rounds)


def snapshot_row(command):
    return Row(command, f"`monitor {command}`, {DIRTY_PAGES} pages of 256 MiB written", "us", "less",
               {"gdbvm": snapshot("gdbvm", command), "qemu": snapshot("with_disk", command, 3)},
               [Goal("<= 0.1 ms", 100), Goal("<= 1/1000 of QEMU", 0.001, "qemu")], 3)  # fmt: skip


def large_snapshot_row(command):
    return Row(f"{command}-4g", f"`monitor {command}`, {DIRTY_PAGES} pages of 4 GiB written", "us", "less",
               {"gdbvm": snapshot("large", command), "gdbvm 256 MiB": snapshot("gdbvm", command)},
               [Goal("<= 3x with 256 MiB", 3, "gdbvm 256 MiB")], 3)  # fmt: skip


def saved_image(subjects):
    """A machine of 4 GiB, saved at its first instruction, as gdb saves it."""
    path = subjects.scratch_file("saved")
    if not os.path.exists(path):
        server = subjects.gdbvm("hello", ["--memory", "4G"])
        try:
            run(["gdb", "-nx", "-q", "-batch", "-ex", f"target remote {server.address}",
                 "-ex", f"monitor savevm file:{path}", "-ex", "kill"])  # fmt: skip
        finally:
            server.close()
    return path


def hello_restored(subjects):
    command = [subjects.program("gdbvm"), "--restore", saved_image(subjects), "--run", "--gdb", "none"]
    return spawn(subjects, 1, command)


def hello_large(subjects):
    return spawn(subjects, 1, [subjects.program("gdbvm"), "--memory", "4G", "--run", "--gdb", "none", subjects.guest("hello")])


# ---- run control


def conditions(kind):
    def measure(name):
        def run_once(subjects):
            program = subjects.get(name).program
            work = symbol(program, "work")[0]
            return raw(subjects, name, "conditions", kind, work, symbol(program, "rounds")[0], 0.5)

        return run_once

    return measure


def tracepoint(what):
    def run_once(subjects):
        program = subjects.get("gdbvm").program
        work = symbol(program, "work")[0]
        return raw(subjects, "gdbvm", "tracepoint", work, symbol(program, "rounds")[0], 0.5, what)

    return run_once


def bare_hits(subjects):
    image = subjects.guest("bench")
    return float(run([subjects.program("bare_kvm"), "hits", image, str(symbol(image, "work")[0]), "0.5"]))


def bare_step(subjects):
    return float(run([subjects.program("bare_kvm"), "step", subjects.guest("bench"), "1000"]))


def range_step(name):
    def measure(subjects):
        program = subjects.get(name).program
        begin, end = symbol(program, "loop")
        # Five instructions per round, and seven around the loop (gcc -O0).
        return raw(subjects, name, "range-step", begin, end, symbol(program, "looping")[0], 5 * 1000 + 7)

    return measure


# ---- many stops

STOPS = {"break": ("breakpoints", 0), "hbreak": ("hbreaks", 1), "watch": ("watchpoints", 2)}


def stops_row(what, kind, title, unit, goals, *arguments):
    """With 1,000 of a kind; with fewer in parentheses."""
    name, packet = STOPS[kind]

    def measure(count):
        return client("gdbvm", f"{what}-stops", packet, SCRATCH, count, *arguments)

    measures = {"gdbvm": measure(1000), "gdbvm 100": measure(100), "gdbvm 10": measure(10)}
    return Row(f"{what}-{kind}", title.format(f"1,000 {name}"), unit, "less", measures, goals, 3)


def stops_rows(kind):
    return [
        stops_row("set", kind, "set {}", "ms", [Goal("<= 60 ms", 60)]),
        stops_row("step", kind, "`vCont;s` after removing {} and setting them again", "us",
                  [Goal("<= 2x with 10", 2, "gdbvm 10")], 20),
        stops_row("lift", kind, "remove {}", "ms", []),
    ]  # fmt: skip


# ---- stock gdb


def gdb(subjects, name, commands, *, before=()):
    """Seconds that gdb takes for the commands, once it has connected."""
    server = subjects.get(name)
    lines = ["set confirm off", "set pagination off", f"target remote {server.address}", *before,
             "shell date +%s.%N", *commands, "shell date +%s.%N", "disconnect", "quit"]  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write("\n".join(lines) + "\n")
        script.flush()
        try:
            output = run(["gdb", "-nx", "-q", "-batch", "-x", script.name, server.program])
        except Failure:
            subjects.drop(name)
            raise
    stamps = re.findall(r"(\d{10}\.\d{9})", output)
    if len(stamps) != 2:
        subjects.drop(name)
        raise Failure(f"gdb with {name} ended early: {output.strip()[-300:]}")
    return float(stamps[1]) - float(stamps[0])


def breaks(name):
    """QEMU's own breakpoints are fatal on kvm_pvm."""
    return "hbreak" if name == "qemu" else "break"


def gdb_steps(name):
    before = [breaks(name) + " work", "continue", "delete"]
    return lambda subjects: 1000 / gdb(subjects, name, ["stepi 1000"], before=before)


def gdb_dump(name, mib):
    def measure(subjects):
        start = scratch(subjects, name)
        return mib * MIB / 1e6 / gdb(subjects, name, [f"dump binary memory /dev/null {start} {start + mib * MIB}"])

    return measure


def gdb_restore(name, mib):
    def measure(subjects):
        start = scratch(subjects, name)
        with tempfile.NamedTemporaryFile() as data:
            data.write(bytes(i * 7 + (i >> 8) & 255 for i in range(MIB)) * mib)
            data.flush()
            return mib * MIB / 1e6 / gdb(subjects, name, [f"restore {data.name} binary {start}"])

    return measure


def gdb_condition(name, hits):
    """Hits per second of a condition that becomes true after so many."""

    def measure(subjects):
        before = [f"{breaks(name)} work if round % {hits} == {hits} - 1", "continue"]
        return hits / gdb(subjects, name, ["continue"], before=before)

    return measure


def gdb_next(name):
    """Milliseconds of `next` over a loop of 1000 rounds on one line."""

    def measure(subjects):
        before = ["set var looping = 1", breaks(name) + " loop", "continue", "delete"]
        try:
            return 1e3 * gdb(subjects, name, ["next"], before=before)
        finally:
            subjects.drop(name)  # `looping` is set

    return measure


ALL = ("gdbvm", "qemu", "gdbserver")


def against(names, measure):
    return {name: measure(name) for name in names}


def round_trip(packet):
    return {**against(ALL, lambda name: client(name, "round-trip", packet, 2000)), "loopback": echo}


ROWS = [
    Row("hello", "process start to guest output and exit", "ms", "less",
        {"gdbvm": hello_gdbvm, "bare": hello_bare,
         "qemu": hello_qemu("microvm"), "qemu pc": hello_qemu("pc")},
        [Goal("<= 2x bare", 2, "bare"), Goal("<= 1/10 of QEMU microvm", 0.1, "qemu")], 15, ("qemu pc",)),
    Row("gdb-tests", "1,000 tests by `gdb-test` from a snapshot", "s", "less",
        {"gdbvm": gdb_tests("-a"), "gdbvm without": gdb_tests()}, [Goal("<= 1.2x without", 1.2, "gdbvm without")], 3),
    Row("resident", "resident memory, guest RAM aside", "MiB", "less", {"gdbvm": resident},
        [Goal("<= 15 MiB", 15)], 1),
    Row("round-trip-?", "`?` round trip", "us", "less", round_trip("?"), [Goal("<= gdbserver", 1, "gdbserver")]),
    Row("round-trip-g", "`g` round trip", "us", "less", round_trip("g"), [Goal("<= gdbserver", 1, "gdbserver")]),
    Row("round-trip-m", "`m`, 64 bytes, round trip", "us", "less",
        {**against(ALL, lambda name: lambda s: raw(s, name, "round-trip", f"m{scratch(s, name):x},40", 2000)),
         "loopback": echo}, [Goal("<= gdbserver", 1, "gdbserver")]),
    Row("write", "memory write, `M`, largest packets", "MB/s", "more",
        {"gdbvm": client_at_scratch("gdbvm", "write", 32 * MIB), "qemu": client_at_scratch("qemu", "write", MIB),
         "gdbserver": client_at_scratch("gdbserver", "write", 32 * MIB)}, []),
    Row("read", "memory read, `m`, largest packets", "MB/s", "more",
        {"gdbvm": client_at_scratch("gdbvm", "read", 32 * MIB), "qemu": client_at_scratch("qemu", "read", 2 * MIB),
         "gdbserver": client_at_scratch("gdbserver", "read", 32 * MIB)},
        [Goal(">= 2x gdbserver", 2, "gdbserver")]),
    Row("gdb-dump", "gdb `dump`", "MB/s", "more",
        {"gdbvm": gdb_dump("gdbvm", 32), "qemu": gdb_dump("qemu", 4), "gdbserver": gdb_dump("gdbserver", 32)},
        [Goal(">= gdbserver", 1, "gdbserver")]),
    Row("gdb-restore", "gdb `restore`", "MB/s", "more",
        {"gdbvm": gdb_restore("gdbvm", 16), "qemu": gdb_restore("qemu", 2), "gdbserver": gdb_restore("gdbserver", 16)},
        [Goal(">= gdbserver", 1, "gdbserver")]),
    Row("search", "`find` that finds nothing in 64 MiB (qSearch)", "MB/s", "more",
        {"gdbvm": client_at_scratch("gdbvm", "search", 64 * MIB),
         "gdbserver": client_at_scratch("gdbserver", "search", 64 * MIB)}, [Goal(">= 1 GB/s", 1000)]),
    Row("checksum", "`compare-sections`, 64 MiB (qCRC)", "MB/s", "more",
        {"gdbvm": client_at_scratch("gdbvm", "checksum", 64 * MIB),
         "gdbserver": client_at_scratch("gdbserver", "checksum", MIB)}, []),
    Row("step", "`vCont;s` round trip", "us", "less",
        {**against(ALL, lambda name: client(name, "step", 500)), "bare": bare_step, "loopback": echo},
        [Goal("<= 2x (bare step + loopback)", 2, "bare+loopback"), Goal("<= 1/10 of QEMU", 0.1, "qemu")]),
    Row("gdb-stepi", "gdb `stepi 1000`", "steps/s", "more", against(ALL, gdb_steps),
        [Goal(">= gdbserver", 1, "gdbserver")]),
    Row("range-step", "range stepping (`vCont;r`)", "instructions/s", "more",
        against(("gdbvm", "gdbserver"), range_step), []),
    Row("gdb-next", "gdb `next` over a loop of 5,000 instructions", "ms", "less", against(ALL, gdb_next),
        [Goal("<= gdbserver", 1, "gdbserver")], 3, ("qemu",)),
    Row("conditions", "false conditions, evaluated in the stub", "hits/s", "more",
        {"gdbvm": conditions("Z0")("gdbvm"), "gdbserver": conditions("Z0")("gdbserver"), "bare": bare_hits},
        [Goal(">= 60 % of bare", 0.6, "bare")]),
    *(Row(f"tracepoint-{what}", f"tracepoint hits, {text}", "hits/s", "more",
          {"gdbvm": tracepoint(what), "gdbvm condition": conditions("Z0")("gdbvm")}, goals)
      for what, text, goals in (
          ("counter", "collecting a number", [Goal(">= 70 % of false conditions", 0.7, "gdbvm condition")]),
          ("registers", "collecting all registers (`$regs`)", []))),
    Row("gdb-condition", "false conditions, gdb's own `break ... if`", "hits/s", "more",
        {"gdbvm": gdb_condition("gdbvm", 5000), "qemu": gdb_condition("qemu", 100),
         "gdbserver": gdb_condition("gdbserver", 5000)}, [Goal(">= 50x QEMU", 50, "qemu")], 3),
    Row("interrupt", "Ctrl-C to its stop reply", "us", "less", against(ALL, lambda name: client(name, "interrupt", 50)),
        [Goal("<= 1 ms", 1000)]),
    *(Row(f"interrupt-{name}", f"Ctrl-C to its stop reply, 4 CPUs {what}", "us", "less",
          {"gdbvm": client(name, "interrupt", 50)}, [Goal("<= 10 ms", 10000)])
      for name, what in (("spinning", "spinning with interrupts off"), ("halted", "halted with interrupts off"),
                         ("flooding", "flooding the serial port"))),
    *(row for kind in STOPS for row in stops_rows(kind)),
    snapshot_row("savevm"),
    snapshot_row("loadvm"),
    large_snapshot_row("savevm"),
    large_snapshot_row("loadvm"),
    Row("restore", "process start to exit of a machine of 4 GiB from a snapshot's file", "ms", "less",
        {"gdbvm": hello_restored, "gdbvm booted": hello_large},
        [Goal("<= 10 ms more than booted", 1, "gdbvm booted", more=10)], 15),
    Row("cpu-stopped", "CPU time in 10 s, 4 CPUs stopped", "ms", "less", {"gdbvm": cpu_time_stopped},
        [Goal("<= 10 ms", 10)], 1),
    Row("cpu-halted", "CPU time in 10 s, 4 CPUs halted", "ms", "less", {"gdbvm": cpu_time_halted},
        [Goal("<= 10 ms", 10)], 1),
    Row("cpu-ticking", "CPU time in 10 s, 1 CPU halted between the ticks of a 1 kHz timer", "ms", "less",
        {"gdbvm": cpu_time_ticking, "bare": cpu_time_sleeping}, [Goal("<= 300 ms (3 % of a CPU)", 300)], 1),
]  # fmt: skip


def measure_row(row, subjects, rounds, log):
    """Values by subject, interleaved: the first round of every subject, then the second."""
    values = {name: [] for name in row.measures}
    for number in range(rounds):
        for name, measure in row.measures.items():
            if number > 0 and name in row.once:
                continue
            began = time.monotonic()
            try:
                values[name].append(measure(subjects))
            except Failure as failure:
                log(f"  {row.name}, {name}: {failure}")
            took = time.monotonic() - began
            if took > 20 and name != "gdbvm":
                log(f"  {row.name}, {name}: took {took:.0f} s")
    return values
