#!/bin/sh
# Drives stock gdb against the toy server and compares what it prints with the expected lines.
# usage: stock_gdb.sh TOY_SERVER DIRECTORY
server=$1
directory=$2
command -v gdb >/dev/null || { echo "SKIPPED: there is no gdb" >&2; exit 77; }

output=$(timeout 100 gdb -nx -batch -ex 'set confirm off' -ex 'set sysroot' \
  -ex "target remote | '$server' stdio" -x "$directory/stock_gdb.gdb" 2>&1)
echo "$output" >&2

# The expected lines must appear in this order.
echo "$output" | awk -v expected="$directory/stock_gdb.expected" '
  BEGIN { while ((getline line < expected) > 0) wanted[++count] = line; at = 1 }
  at <= count && index($0, wanted[at]) { at++ }
  END { if (at <= count) { print "not found: " wanted[at] > "/dev/stderr"; exit 1 } }'
