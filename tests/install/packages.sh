#!/bin/sh
# The Debian packages: their dependencies, and both examples built and run from the unpacked packages.
#   packages.sh BUILD_DIR
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/install/lib.sh
. "$here/lib.sh"
command -v dpkg-shlibdeps >/dev/null || { echo "SKIPPED: there is no dpkg-shlibdeps (dpkg-dev)" >&2; exit 77; }
need_kvm

quietly cpack -G DEB --config "$1/CPackConfig.cmake" -B "$WORK/packages"
program=$(find "$WORK/packages" -maxdepth 1 -name "gdbvm_*.deb")
library=$(find "$WORK/packages" -maxdepth 1 -name "gdbvm-dev_*.deb")
if [ -z "$program" ] || [ -z "$library" ]; then fail "there are not two packages"; fi

# depends PACKAGE WORD...: checks that all of these are in its Depends.
depends() {
  field=$(dpkg-deb -f "$1" Depends)
  shift
  for each; do
    case ", $field," in *", $each"*) ;; *) fail "$each is not in: $field" ;; esac
  done
}
depends "$program" libc6 libstdc++6 libgcc-s1 libfmt9 libpng16-16 libvncserver1 libzydis python3
depends "$library" "gdbvm (= " "libfmt-dev (>= 9)" "libfmt-dev (<< 10)" libasio-dev
[ "$(dpkg-deb -f "$program" Recommends)" = gdb ] || fail "gdbvm does not recommend gdb"
# Every library that the program is linked to belongs to a package that it depends on.
for package in "$program" "$library"; do quietly dpkg-deb -x "$package" "$WORK/root"; done
objdump -p "$WORK/root/usr/bin/gdbvm" | sed -n 's/^ *NEEDED *//p' | while read -r needed; do
  owner=$(dpkg -S "*-linux-gnu/$needed" | sed 's/:.*//' | sort -u | head -n 1)
  depends "$program" "$owner"
done || exit 1

[ "$("$WORK/root/usr/bin/gdbvm" --version)" ] || fail "gdbvm does not start"
check_embedded "$WORK/root/usr" "$WORK/root/usr/share/doc/gdbvm/embed"
check_gdb_test "$WORK/root/usr" "$WORK/root/usr/share/doc/gdbvm/gdb_test"
