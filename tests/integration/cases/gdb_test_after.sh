# gdb-test --after: one boot for tests that run at the same time, in one process and in several; none disturbs another.
# What is truncated or stale is made again, and a guest that does not get there fails each test with one sentence.
# needs: python3
# timeout: 120
. "$LIB"
tools="$(dirname "$LIB")/../../tools"
mkdir tests
cat >gdbvm <<END
#!/bin/sh
case " \$* " in *" --restore "*) ;; *) echo boot >>'$WORK/boots' ;; esac
exec '$GDBVM' "\$@"
END
chmod +x gdbvm
cp "$GUEST/timer.elf" kernel.elf
for number in 1 2 3 4 5 6; do
  cat >tests/t$number.gdb <<END
# guest: kernel.elf
# status: 1
connect
print ticks
set variable ticks += $number
set variable last_tick = 200
print ticks
continue
END
  printf '^\\$1 = 100$\n^\\$2 = 10%s$\n^=== serial$\n! started\n^timer: ticks 200$\n' $number >tests/t$number.expect
done
run() { "$tools/gdb-test" --gdbvm "$WORK/gdbvm" --guests "$WORK" --cache "$WORK/the cache" "$@"; }
ticking() { run --after 'work if ticks >= 100' "$@"; }
boots() { echo "$1: $(wc -l <boots) boots"; }

pids=
for number in 1 2 3; do
  ticking --args '--memory 32M' tests/t$number.gdb >out.$number &
  pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
tail -qn 1 out.1 out.2 out.3
boots 'three processes'
ticking -j 4 tests
boots 'one process, with other options'
ticking --filter t1 tests
boots 'again'
for snapshot in 'the cache'/*.snapshot; do truncate -s 100K "$snapshot"; done
ticking -j 4 --filter 't[1-4]' tests
boots 'truncated'
objcopy --add-section .note=/dev/null "$GUEST/timer.elf" kernel.elf 2>/dev/null || echo >>kernel.elf
ticking --filter t5 tests
boots 'built again'

# `run` goes back there, and breakpoints are where gdb has them.
cat >again.gdb <<END
# guest: kernel.elf
connect_extended
set variable ticks = 400
break put_line
continue
print ticks
starti
print ticks
info symbol \$pc
run
print ticks
END
ticking --keep kept again.gdb | tail -n 1
sed 's/^/again: /' kept/again.kept/gdb_output
boots 'run'

rm boots
status run --after no_such_place -j 4 tests
boots 'no such symbol'
printf '# args: --memory 16M\n# guest: kernel.elf\nconnect\n' >never.gdb
run --after 'put_line if 0' never.gdb | head -n 1
status run --after main --guest /no/such/guest never.gdb
printf '%s\n' 'the cache'/* | sed 's/.*[.]/left: /' | sort | uniq -c
