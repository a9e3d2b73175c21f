#!/bin/sh
# Warnings are errors where tools/check builds, and not in a build that a user configures without a preset.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
trap 'rm -rf "$work"' EXIT

# configured CMAKE_OPTION...: the compile commands of such a build.
configured() {
  rm -rf "$work/build"
  cmake -S "$root" -B "$work/build" -DGDBVM_TESTS=OFF "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  cat "$work/build/compile_commands.json"
}

for type in Release Debug MinSizeRel; do
  if configured -DCMAKE_BUILD_TYPE=$type | grep -q -- -Werror; then echo "$type: warnings are errors"; exit 1; fi
done
configured -DGDBVM_WERROR=ON | grep -q -- -Werror || { echo "GDBVM_WERROR does nothing"; exit 1; }
for preset in dev asan tsan fuzz; do
  (cd "$root" && cmake --preset $preset -N | grep -q 'GDBVM_WERROR="ON"') || { echo "$preset: warnings are not errors"; exit 1; }
done
