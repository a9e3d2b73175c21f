# gdb-test --keep-recording: a test that does not pass leaves what its guest did, and the line that replays it; one that
# passes leaves nothing; a machine of which there is no recording is tested without; no foreign file is replaced.
# needs: python3 long.execute_register=true fast-host
# timeout: 90
. "$LIB"
gdb_test="$(dirname "$LIB")/../../tools/gdb-test"
mkdir tests
for test in good bad two; do
  args=
  [ $test = two ] && args='--cpus 2'
  cat >tests/$test.gdb <<END
# guest: $GUEST/stray_write.elf
# args: $args
connect
break found_broken
continue
print ticks
END
  echo '^never$' >tests/$test.expect
done
echo '^\$1 = 30$' >tests/good.expect
status "$gdb_test" --gdbvm "$GDBVM" --keep-recording kept tests >out
grep -E '^[a-zA-Z0-9]|to replay it|--replay|no recording|history' out
ls kept
line=$(sed -n 's/^ *| \(.*--replay.*\)/\1/p' out)
cat >back.gdb <<'END'
set confirm off
set width 0
watch -l shared.magic
reverse-continue
kill
END
eval "$line -nx -batch -x back.gdb" 2>&1
echo thesis >kept/good.recording
status "$gdb_test" --gdbvm "$GDBVM" --keep-recording kept tests 2>&1
cat kept/good.recording
