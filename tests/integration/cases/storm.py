# Eight CPUs in a tight loop over one breakpoint: every reported hit has happened once, and none is missed. First the
# debugger stops at each, then a condition is false at each. STORM_SECONDS: how long each half lasts.
# timeout: 180
import os
import re
import subprocess
import time

import rsp

CPUS = 8
SECONDS = float(os.environ.get("STORM_SECONDS", "1.5"))
FALSE = "X3,220027"  # const8 0, end


def storm(kind, run):
    path = f"{os.environ['WORK']}/{kind}"
    vm = subprocess.Popen([os.environ["GDBVM"], "--cpus", str(CPUS), "--serial", "none", "--gdb", "unix:" + path, guest],
                          stderr=subprocess.PIPE, text=True)
    try:
        vm.stderr.readline()
        client = rsp.Client.on(rsp.unix_stream(path))
        assert client.ask(f"M{rounds:x},8:ffffffffffffff7f") == "OK"
        assert client.ask(f"Z0,{over:x},1") == "OK"
        begin = time.monotonic()
        hits = run(client, begin + SECONDS)
        elapsed = time.monotonic() - begin
        passes = client.read(table, CPUS)
        print(f"{kind}: {len([p for p in passes if p])} CPUs, "
              f"{'every hit accounted for' if hits == sum(passes) else f'{hits} hits, {sum(passes)} passes'}")
        print(f"{kind}: {hits} hits in {elapsed:.1f} s, {hits / elapsed:.0f}/s")
        client.send("k")
        vm.wait(10)
    finally:
        vm.kill()
        vm.wait()


def is_at(stop, address):
    pc = re.search(r"10:([0-9a-f]{16});", stop)
    assert pc, stop
    return int.from_bytes(bytes.fromhex(pc.group(1)), "little") == address


def thread_of(stop):
    return re.search(r"thread:([0-9a-f]+);", stop).group(1)


# A thread that has hit is stepped: alone or, every other time, while the others run on into the breakpoint. Their stops
# may come first, and then the step has not been taken.
def stop_at_each(client, deadline):
    assert client.ask(f"Z0,{point:x},1") == "OK"
    hits = 0
    standing = []
    finishing = False
    stop = client.resume("vCont;c")
    while not is_at(stop, over):
        thread = thread_of(stop)
        if is_at(stop, point) and thread not in standing:
            hits += 1
            standing.append(thread)
        elif not is_at(stop, point):
            standing.remove(thread)
        if not finishing and time.monotonic() > deadline:
            assert client.ask(f"M{rounds:x},8:0000000000000000") == "OK"
            finishing = True
        stop = client.resume(f"vCont;s:{standing[0]}" + (";c" if hits % 2 else "") if standing else "vCont;c")
    return hits


def let_each_by(client, deadline):
    assert client.ask(f"Z0,{point:x},1;{FALSE}") == "OK"
    client.send("vCont;c")
    while time.monotonic() < deadline:
        time.sleep(0.05)
    client.send(f"M{rounds:x},8:0000000000000000")
    while not (stop := client.reply()).startswith("T"):
        pass
    assert is_at(stop, over), stop
    counted = re.search(r"condition false (\d+) times", text := client.monitor("info stops"))
    assert counted, text
    return int(counted[1])


guest = os.environ["GUEST"] + "/storm.elf"
rounds, over, point, table = rsp.symbols(guest, "rounds", "storm_over", "storm_point", "passes")
storm("stops", stop_at_each)
storm("condition", let_each_by)
