# What gdb-test reports of a test that does not end: both CPUs' registers and backtraces, the last packets, the serial log,
# the same in TAP and in JUnit XML. Nothing is left running and no files are left behind, even if gdb-test is terminated.
# The guest stays where the script left it.
# needs: python3
# timeout: 60
. "$LIB"
gdb_test="$(dirname "$LIB")/../../tools/gdb-test"
mkdir tests tmp
cat >tests/slow.gdb <<END
# guest: $GUEST/demo.elf
# args: --cpus 2
# timeout: 8
connect
break run_task
continue
printf "the script is at work\n"
shell touch '$WORK/at_work'
shell sleep 1000
END
: >tests/slow.expect
TMPDIR=$WORK/tmp "$gdb_test" --tap tap --junit junit.xml tests
echo "status $?"
sed 's/^/tap: /' tap
python3 - <<'END'
import xml.etree.ElementTree as xml
error = xml.parse("junit.xml").getroot().find("testsuite/testcase/error")
print("junit:", error.attrib["type"], error.attrib["message"])
print("junit: CPUs in the report:", error.text.count("\nrip "))
END
wait_for_file() { until [ -e "$1" ] || ! kill -0 $pid; do sleep 0.02; done; }
for signal in TERM HUP; do
  rm -f at_work
  TMPDIR=$WORK/tmp "$gdb_test" --junit junit.xml tests >/dev/null 2>interrupted &
  pid=$!
  wait_for_file at_work
  kill -$signal $pid
  wait $pid
  cat interrupted
  grep -c '</testsuites>' junit.xml
done
ls tmp
pgrep -af "$WORK/tmp" | sed "s|^|still there: |"
echo end
