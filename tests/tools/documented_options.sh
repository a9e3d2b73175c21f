#!/bin/sh
# Every option in --help is in the manual page, and every option in the manual page is one.
#   documented_options.sh GDBVM
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
status=0

# in_help COMMAND...: the options in its help text, on lines that begin with two spaces.
in_help() { "$@" --help | sed -n 's/^  \(-.*\)/\1/p' | sed 's/   .*//' | grep -oE -e '--?[A-Za-z][a-z-]*' | sort -u; }

# in_manual PAGE: the options that are items of its lists.
in_manual() {
  sed -n 's/^\.It Fl/Fl/p' "$1" | sed 's/Fl Fl /--/g; s/Fl /-/g' | grep -oE -e '(^|, )--?[A-Za-z][a-z-]*' | sed 's/, //; s/ //g' | sort -u
}

# compare NAME COMMAND...
compare() {
  page=$root/docs/$1.1
  shift
  for option in $(in_help "$@"); do
    in_manual "$page" | grep -qxF -e "$option" || { echo "$option is not in $page"; status=1; }
  done
  for option in $(in_manual "$page"); do
    in_help "$@" | grep -qxF -e "$option" || { echo "$option is only in $page"; status=1; }
  done
  [ "$(in_manual "$page" | wc -l)" -gt 10 ] || { echo "$page lists almost nothing"; status=1; }
}

compare gdbvm "$1"
compare gdb-test "$root/tools/gdb-test"
if command -v groff >/dev/null; then
  for page in gdbvm gdb-test; do
    complaints=$(groff -ww -mdoc -Tutf8 -z "$root/docs/$page.1" 2>&1)
    [ -z "$complaints" ] || { echo "$complaints"; status=1; }
  done
fi
exit $status
