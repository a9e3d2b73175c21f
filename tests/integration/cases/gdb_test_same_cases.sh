# gdb-test runs the cases of this directory unchanged: the same heads, the same expected lines.
# needs: python3
# timeout: 120
. "$LIB"
here=$(dirname "$LIB")
status "$here/../../tools/gdb-test" --guests "$GUEST" "$here/cases/boot_sector.gdb" "$here/cases/counter_exit.gdb" \
  "$here/cases/elf32.gdb" "$here/cases/higher_half.gdb" "$here/cases/io_steps.gdb" "$here/cases/set_register.gdb"
