# Which lines coverage has noticed in a run without a stop, and which ones gdb finds when it steps through every
# instruction: the same, by two readers of the line tables. And with several CPUs, breakpoints and a kernel that moves.
# needs: long.int3=reported|long.int3=recognised-by-the-emulation-failure fast-host lcov
# timeout: 120
. "$LIB"

cat >"$WORK/stepped.py" <<'PYTHON'
import os, gdb

def lcov(path):
    lines, name = {}, None
    for line in open(path):
        if line.startswith("SF:"):
            name = line[3:].strip()
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")
            lines[name, int(number)] = int(count) > 0
    return lines

tables, passed = {}, set()
def note(pc):
    symtab = gdb.find_pc_line(pc).symtab
    if symtab is None:
        return
    if symtab.fullname() not in tables:
        tables[symtab.fullname()] = {}
        for entry in symtab.linetable():
            tables[symtab.fullname()].setdefault(entry.pc, set()).add(entry.line)
    passed.update((symtab.fullname(), line) for line in tables[symtab.fullname()].get(pc, ()))

ended = []
gdb.events.exited.connect(lambda event: ended.append(event))
steps = 0
while not ended:
    note(gdb.selected_frame().pc())
    gdb.execute("stepi", to_string=True)
    steps += 1
noticed = lcov(os.environ["COVERAGE"])
executed = {line for line in noticed if noticed[line]}
print("more than 100 steps:", steps > 100, "and lines:", len(executed) > 5, len(noticed) > len(executed))
print("not stepped through:", sorted(executed - passed), "not noticed:", sorted(passed - executed))
PYTHON

for program in hello protected32 higher_half; do
  echo "--- $program"
  COVERAGE=$WORK/$program.info
  export COVERAGE
  "$GDBVM" --run --gdb none --serial none --coverage "$COVERAGE" "$GUEST/$program.elf" 2>/dev/null
  "$GDB" -nx -batch -ex 'set style enabled off' -ex 'set pagination off' \
    -ex "target remote | exec $GDBVM --gdb stdio --serial none $GUEST/$program.elf" -x "$WORK/stepped.py" "$GUEST/$program.elf" 2>&1
done

echo "--- a program that copies its own code runs as ever"
status "$GDBVM" --run --gdb none --serial none --coverage "$WORK/selfcopy.info" "$GUEST/selfcopy.elf" 2>/dev/null

echo "--- CPL 3"
status "$GDBVM" --run --gdb none --serial none --coverage "$WORK/user.info" --coverage-of 'user_mode.c' \
  "$GUEST/user_mode.elf" 2>/dev/null
grep -E '^SF:|^FNDA:.*user' "$WORK/user.info"

echo "--- several CPUs, a breakpoint on a line of its own, and the monitor"
"$GDB" -nx -batch -ex 'set style enabled off' -ex 'set confirm off' \
  -ex "target remote | exec $GDBVM --gdb stdio --serial none --cpus 4 --coverage-of smp.c $GUEST/smp.elf" \
  -ex 'monitor coverage save /tmp' -ex 'monitor coverage on' -ex 'set var limit = 100000' -ex 'break ap_main' \
  -ex 'continue' -ex 'x/i $pc' -ex 'monitor info coverage' -ex 'delete' -ex 'break per_cpu_work if counters[2] > 10' \
  -ex 'continue' -ex 'monitor info coverage' -ex "monitor coverage save $WORK/smp.info" -ex 'monitor coverage reset' \
  -ex 'monitor coverage off' -ex 'monitor info coverage' -ex 'delete' -ex 'continue' "$GUEST/smp.elf" 2>&1
grep '^FNDA' "$WORK/smp.info"

echo "--- a page of it"
genhtml --quiet --output-directory "$WORK/html" "$WORK/smp.info" && grep -c 'ap_main' "$WORK/html"/*/smp.c.func.html

echo "--- refused"
echo precious >"$WORK/precious"
expect_refusal "no line tables" "has no line tables" --coverage "$WORK/x.info" --mode real --symbols /bin/true "$GUEST/bootsector.bin"
expect_refusal "no ELF file" "needs an ELF file with line tables" --coverage "$WORK/x.info" "$GUEST/bootsector.bin"
expect_refusal "no file is meant" "no source file .* is meant by --coverage-of" --coverage "$WORK/x.info" \
  --coverage-of none.c "$GUEST/hello.elf"
expect_refusal "somebody's file" "precious" --coverage "$WORK/precious" "$GUEST/hello.elf"
cat "$WORK/precious"
