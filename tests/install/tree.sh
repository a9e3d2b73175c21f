#!/bin/sh
# cmake --install into an empty directory, and both examples built and run from there.
#   tree.sh BUILD_DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/install/lib.sh
. "$here/lib.sh"
need_kvm

prefix=$WORK/installed
quietly cmake --install "$1" --prefix "$prefix"
[ "$("$prefix/bin/gdbvm" --version)" ] || fail "gdbvm does not start"
for page in gdbvm gdb-test; do
  [ -s "$prefix/share/man/man1/$page.1" ] || fail "there is no manual page $page"
  [ -s "$prefix/share/bash-completion/completions/$page" ] || fail "there is no bash completion of $page"
done
# No installed file mentions the source tree or the build directory.
if grep -rlF -e "$1" -e "$(cd "$here/../.." && pwd)" "$prefix/lib/cmake" "$prefix/lib"/*/cmake "$prefix/share/gdbvm" 2>/dev/null; then
  fail "these files name the directory in which gdbvm was built"
fi
check_embedded "$prefix" "$prefix/share/doc/gdbvm/embed"
check_gdb_test "$prefix" "$prefix/share/doc/gdbvm/gdb_test"
