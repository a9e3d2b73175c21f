#!/usr/bin/env bash
# What bash and zsh offer for gdbvm and gdb-test: every option in --help and, for options with a choice, values that
# gdbvm accepts.
#   completion.sh GDBVM
# shellcheck disable=SC2317  # in_bash and in_zsh are called by computed names
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
gdbvm=$(realpath "$1")
work=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
trap 'rm -rf "$work"' EXIT
ln -s "$gdbvm" "$work/gdbvm"
ln -s "$root/tools/gdb-test" "$work/gdb-test"
PATH=$work:$PATH
cd "$work" || exit 2
status=0

# shellcheck source=tools/completion/gdbvm.bash
source "$root/tools/completion/gdbvm.bash"
# shellcheck source=tools/completion/gdb-test.bash
source "$root/tools/completion/gdb-test.bash"

# in_bash WORDS...: what bash offers, one per line.
in_bash() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  case $1 in gdbvm) _gdbvm "$1" ;; gdb-test) _gdb_test "$1" ;; esac
  printf '%s\n' "${COMPREPLY[@]}"
}

# in_zsh WORDS...: what zsh lists, as it appears on the terminal.
in_zsh() {
  FOLDER=$root/tools/completion timeout 60 zsh -f "$root/tests/tools/completion.zsh" "$*"
}

# offers SHELL WANTED WORDS...
offers() {
  local shell=$1 wanted=$2
  shift 2
  "in_$shell" "$@" >"$work/offered"
  grep -qE -e "(^|[^a-z-])$wanted([^a-z-]|\$)" "$work/offered" && return
  echo "$shell does not offer $wanted for: $*"
  cat -v "$work/offered"
  status=1
}

shells=(bash)
if command -v zsh >/dev/null; then shells+=(zsh); else echo "there is no zsh: only bash is tested" >&2; fi

for shell in "${shells[@]}"; do
  for program in gdbvm gdb-test; do
    in_"$shell" "$program" - >"$work/all"
    for option in $("$program" --help | sed -n 's/^  \(-.*\)/\1/p' | sed 's/   .*//' | grep -oE -e '--?[A-Za-z][a-z-]*'); do
      grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" "$work/all" || { echo "$shell does not offer $option of $program"; status=1; }
    done
  done
  offers "$shell" doctor gdbvm doc
  offers "$shell" protected gdbvm --mode p
  offers "$shell" quit gdbvm --on-detach ''
  touch "$work/kernel.elf"
  offers "$shell" kernel.elf gdbvm ker
done
offers bash --json gdbvm doctor --
offers bash gdb-test gdbvm kernel.elf -- gdb-tes

# If gdbvm did not accept a value, its message would be about that, and not about the image.
for option in --mode --boot --gdb --on-detach --serial --trace; do
  for value in $(_gdbvm_values $option); do
    case $value in tcp:) value+=":1" ;; *:) value+="file" ;; esac
    "$gdbvm" $option "$value" no/such/image --run 2>&1 | grep -q -e "$option" || continue
    case "$option $value" in "--gdb stdio" | "--gdb none") continue ;; esac
    echo "gdbvm does not accept $option $value"
    status=1
  done
done
exit $status
