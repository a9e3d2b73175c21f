# gdb-test --coverage: the lines that the guests of all tests executed together, and those of each; an image without line
# tables is tested without; no foreign file is replaced.
# needs: python3 genhtml long.int3=reported|long.int3=recognised-by-the-emulation-failure fast-host
# timeout: 60
. "$LIB"
gdb_test="$(dirname "$LIB")/../../tools/gdb-test"
mkdir tests
for test in all some none; do
  echo '^Breakpoint 1' >tests/$test.expect
done
printf '# guest: %s\n# status: 1\nconnect\nbreak put_string\ncontinue\ndelete\ncontinue\n' "$GUEST/hello.elf" >tests/all.gdb
printf '# guest: %s\nconnect\nbreak on_divide_error\ncontinue\n' "$GUEST/faults.elf" >tests/some.gdb
printf '# guest: %s\nconnect\nhbreak *0x7c00\n' "$GUEST/bootsector.bin" >tests/none.gdb
echo '^Hardware assisted breakpoint 1' >tests/none.expect
status "$gdb_test" --gdbvm "$GDBVM" --coverage out tests
ls out
for file in hello faults; do sed -n "/^SF:.*${file}.c$/,/^end/p" out/coverage.info | grep -E '^SF|^FNDA:1|^LH'; done
genhtml --quiet --output-directory html out/coverage.info && echo "genhtml reads it"
echo thesis >out/all.info
status "$gdb_test" --gdbvm "$GDBVM" --coverage out tests 2>&1
cat out/all.info
