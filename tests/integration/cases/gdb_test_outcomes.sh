# gdb-test distinguishes passed, failed, timed out and skipped, in the order of the names, and exits with the right status.
# needs: python3
# timeout: 60
. "$LIB"
gdb_test="$(dirname "$LIB")/../../tools/gdb-test"
mkdir tests
cd tests || exit
test_of() { # NAME GUEST HEAD..., script on standard input
  { echo "# guest: $GUEST/$2"; [ $# -lt 3 ] || printf '%s\n' "$3"; cat; } >"$1.gdb"
  : >"$1.expect"
}
printf 'connect\ncontinue\n' | test_of b_passes hello.elf '# status: 1'
printf '^=== serial$\n^Hello from the guest\n! Hello.*Hello\n' >b_passes.expect
printf 'connect\ncontinue\n' | test_of c_wrong_status hello_42.elf '# status: 1'
printf 'connect\n' | test_of d_wrong_line hello.elf
echo 'no such line' >d_wrong_line.expect
printf 'connect\nprint no_such_symbol\n' | test_of e_gdb_error hello.elf
printf 'connect\nprint no_such_symbol\n' | test_of f_wanted_error hello.elf '# gdb-status: 1'
printf 'connect\ncontinue\n' | test_of g_too_late hlt_loop.elf '# timeout: 5'
printf 'connect\n' | test_of h_skipped hello.elf '# needs: no-such-program'
printf 'connect\n' | test_of i_no_guest no_such_guest.elf
printf 'connect\n' | test_of j_bad_expression hello.elf
echo '(' >j_bad_expression.expect
printf 'connect\nmonitor quit\n' | test_of k_two_cpus hello.elf '# args: --cpus 2 --memory 16M'
cat >a_python.py <<END
# guest: $GUEST/counter.elf
import gdb, os
gdb.execute("connect")
gdb.execute("tbreak count")
gdb.execute("continue")
print("counter is", int(gdb.parse_and_eval("counter")), "in", os.listdir(os.environ["GDB_TEST_WORK"]) == [])
END
echo '^counter is 0 in True$' >a_python.expect
status "$gdb_test" -j 4 . | grep -v '^    |'
status "$gdb_test" --filter '^[abf]_' .
status "$gdb_test" --filter h_ .
status "$gdb_test" --filter nothing . 2>&1
status "$gdb_test" --name renamed --timeout 9 --expect a_python.expect a_python.py
status "$gdb_test" --shard 1/4 --list .
status "$gdb_test" --shard 9/10 --filter '^[ab]_' .
mkdir -p kept/b_passes
touch kept/b_passes/mine
status "$gdb_test" --filter '^b_' --keep kept .
status "$gdb_test" --filter '^b_' --keep kept .
(cd kept && echo b_passes/* b_passes.kept/*)
rm -r kept/b_passes.kept/files
status "$gdb_test" --filter '^b_' --keep kept . 2>&1
printf 'connect\ndisconnect\noutput 7\n' | test_of l_no_newline hello.elf
printf '^7$\n^=== serial$\n' >l_no_newline.expect
printf '#!/bin/sh\nexec sleep 1000\n' >mute
chmod +x mute
ln -s "$(command -v gdb)" near_gdb
status "$gdb_test" --filter "^l_" --gdb ./near_gdb .
status "$gdb_test" --filter '^l_' --timeout 0.5 --gdbvm ./mute .
status "$gdb_test" --gdbvm /no/such/gdbvm --filter b_ .
