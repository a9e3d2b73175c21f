#!/bin/sh
# Runs the integration cases: a guest, a gdb or shell script, and the expected lines. POSIX sh, awk and gdb are
# all it needs, so it also runs in a busybox initramfs.
#
#   run.sh [-j JOBS] [-b BUILD_DIR] [--slow] [NAME...]   all cases, or the named ones; ends with "N passed, N failed, ..."
#   run.sh [-b BUILD_DIR] [--slow] --one NAME            one case, for CTest: status 0 passed, 1 failed, 77 skipped
#   run.sh --list                                        the names
#   run.sh -c CASES ...                                  the cases of another folder than cases/
#
# --slow: the host is an emulator. Cases use the second number of `repeat` and say so, and each reports its time.
#
# A case is cases/NAME.{gdb,sh,py} and cases/NAME.expect. The head of the script may have any of these lines:
#   # guest: demo.elf           image below BUILD_DIR/guest, or an absolute path (.gdb cases need one)
#   # symbols: bootsector.elf   what gdb reads symbols from; the guest itself if it is an ELF file; "none"
#   # args: --memory 64M        further options for gdbvm
#   # connect: pipe             pipe (gdb starts gdbvm, the default) or unix (gdbvm runs beside gdb, until gdb ends)
#   # status: 1                 gdbvm must end by itself with this status (unix only)
#   # gdb-status: 1             gdb's own exit status, 0 by default
#   # timeout: 20               seconds, 20 by default; in an emulator, of its clock
#   # repeat: 5000 500          the number of repetitions, and the number with --slow
#   # needs: python3            skip without it: a program, a /path, or one of
#       own-tsc                 a time-stamp counter that is not simply the host's
#       fast-host               no emulator (--slow); for what `repeat` cannot shorten, or shows nothing there
#       asked-for               the case is named on the command line; for cases that take minutes
#       KEY=VALUE               a line of `gdbvm doctor --json`: sync_registers=true, long.int3=goes-to-the-guest
#       KEY=VALUE|KEY=VALUE     one of these
#   # variants: lldb-14 lldb-19 NAME@VARIANT for each of these programs of BUILD_DIR/clients/bin, named in VARIANT
# A .gdb script uses the command `connect`, `enter_work` if it writes files, and $repeat. A .sh or .py script finds GDBVM, GUEST (directory), WORK (its
# own empty directory), GDB, LIB (lib.sh), REPEAT and CLIENTS (tests/clients) in its environment and must exit with
# status 0. A .py script can import tests/support/rsp.py. PATH has BUILD_DIR/clients/bin, which tests/clients/fetch fills.
#
# Each line of NAME.expect is an awk regular expression; they must match lines of the output in this order: gdb's, then
# "=== serial" and what the guest printed, "=== stderr" and what gdbvm printed. "! RE" must match no line. "# ..." and
# empty lines are ignored.
set -u

here=$(cd "$(dirname "$0")" && pwd)
cases=$here/cases
build=$here/../../build
jobs=1
one=
list=
slow=
names=
asked=

while [ $# -gt 0 ]; do
  case $1 in
    -j) jobs=$2; shift ;;
    -b) build=$2; shift ;;
    -c) cases=$(cd "$2" && pwd) || exit 2; shift ;;
    --one) one=$2; shift ;;
    --list) list=1 ;;
    --slow) slow=--slow ;;
    --asked) asked=--asked ;;
    -*) echo "run.sh: unknown option $1" >&2; exit 2 ;;
    *) names="$names $1"; asked=--asked ;;
  esac
  shift
done
# header KEY SCRIPT: the value of "# KEY: value" in the script's head.
header() { sed -n "1,30s/^# $1: *//p" "$2" | head -n 1; }

# script_of NAME: the script of a case; the variant is ignored.
script_of() {
  for script in "$cases/${1%@*}.gdb" "$cases/${1%@*}.sh" "$cases/${1%@*}.py"; do [ -e "$script" ] && break; done
  echo "$script"
}

all_names() {
  for expect in "$cases"/*.expect; do
    expect=${expect##*/}
    variants=$(header variants "$(script_of "${expect%.expect}")")
    for variant in ${variants:-none}; do
      if [ "$variant" = none ]; then echo "${expect%.expect}"; else echo "${expect%.expect}@$variant"; fi
    done
  done | sort
}
if [ -n "$list" ]; then all_names; exit 0; fi

build=$(cd "$build" && pwd) || exit 2
GDBVM=${GDBVM:-$build/gdbvm}
GUEST=${GUEST:-$build/guest}
GDB=${GDB:-gdb}
LIB=$here/lib.sh
CLIENTS=$here/../clients
PATH=$build/clients/bin:$PATH
export GDBVM GUEST GDB LIB CLIENTS PATH
# shellcheck source=tests/integration/lib.sh
. "$LIB"

skip() { echo "SKIP $name: $1"; exit 77; }

# probed KEY: what gdbvm's probe of this KVM found, from `gdbvm doctor --json`: KEY, or MODE.KEY in one of the CPU modes;
# spaces in the value become dashes.
probed() {
  "$GDBVM" doctor --json | awk -v wanted="$1" '
    $0 == "{" { next }
    { gsub(/[",]/, ""); sub(/^ +/, ""); key = $0; sub(/:.*/, "", key); value = $0; sub(/[^:]*: /, "", value) }
    value == "{" { mode = key == "modes" ? "" : key "."; next }
    key == "}" { mode = "" }
    mode key == wanted { gsub(/ /, "-", value); print value }'
}

need() {
  case $1 in
    *=*)
      for one_of in $(echo "$1" | tr '|' ' '); do [ "$(probed "${one_of%%=*}")" = "${one_of#*=}" ] && return; done
      skip "gdbvm doctor finds not $1" ;;
    asked-for) [ -n "$asked" ] || skip "takes minutes, and is run when it is asked for" ;;
    fast-host) [ -z "$slow" ] || skip "takes too long in an emulator" ;;
    own-tsc)
      if [ -e /sys/module/kvm_pvm ]; then skip "on kvm_pvm guests read the host's time-stamp counter"; fi ;;
    /*) [ -e "$1" ] || skip "there is no $1" ;;
    *) command -v "$1" >/dev/null 2>&1 || skip "there is no $1" ;;
  esac
}

# matches EXPECT OUTPUT: prints the first expectation that is not met; status 0 if there is none.
matches() {
  awk '
    FILENAME == ARGV[1] {
      if ($0 == "" || /^#/) next
      if (/^! /) { never[++nevers] = substr($0, 3); next }
      wanted[++count] = $0; next
    }
    { for (i = 1; i <= nevers; i++) if ($0 ~ never[i]) { print "unwanted line: " $0; bad = 1; exit } }
    at < count && $0 ~ wanted[at + 1] { at++ }
    END {
      if (bad) exit 1
      if (at < count) { print "expected, not found in this order: " wanted[at + 1]; exit 1 }
    }' "$1" "$2"
}

# Everything gdb needs to reach the guest, as a file of gdb commands.
write_prelude() {
  cat <<PRELUDE
set pagination off
set confirm off
set width 0
set height 0
set style enabled off
set tcp connect-timeout 5
set remotetimeout 10
define connect
  target remote $1
end
define connect_extended
  target extended-remote $1
end
define enter_work
  cd $WORK
end
set \$repeat = ${REPEAT:-1}
PRELUDE
}

# gdb_case SCRIPT: leaves the output in $WORK/output; sets `problem` if a process did not end as it should.
gdb_case() {
  guest=$(header guest "$1")
  symbols=$(header symbols "$1")
  args=$(header args "$1")
  wanted_status=$(header status "$1")
  wanted_gdb_status=$(header gdb-status "$1")
  case $guest in /*) ;; *) guest=$GUEST/$guest ;; esac
  case ${symbols:-$guest} in
    none) symbols= ;;
    /*.elf) symbols=${symbols:-$guest} ;;
    *.elf) symbols=$GUEST/$symbols ;;
    *) symbols= ;;
  esac
  : >"$WORK/serial"
  : >"$WORK/stderr"
  vm_pid=
  if [ "$(header connect "$1")" = unix ]; then
    # shellcheck disable=SC2086  # args are words
    "$GDBVM" --gdb "unix:$WORK/gdb" --serial "file:$WORK/serial" $args "$guest" 2>"$WORK/stderr" &
    vm_pid=$!
    write_prelude "$WORK/gdb" >"$WORK/prelude"
    wait_for "$WORK/stderr" "listening on" || problem="gdbvm did not listen"
  else
    write_prelude "| exec '$GDBVM' --gdb stdio --serial 'file:$WORK/serial' $args '$guest' 2>'$WORK/stderr'" >"$WORK/prelude"
  fi
  [ -z "$problem" ] && {
    # shellcheck disable=SC2086  # without symbols there is no argument
    timeout -k 2 "$limit" "$GDB" -nx -batch -x "$WORK/prelude" -x "$1" $symbols >"$WORK/gdb_output" 2>&1 </dev/null
    gdb_status=$?
    [ $gdb_status -eq "${wanted_gdb_status:-0}" ] || problem="gdb ended with status $gdb_status"
  }
  [ -n "$vm_pid" ] && end_vm
  {
    cat "$WORK/gdb_output"
    echo "=== serial"
    tr -d '\r' <"$WORK/serial"
    echo
    echo "=== stderr"
    cat "$WORK/stderr"
  } >"$WORK/output" 2>/dev/null
}

# A gdbvm that runs beside gdb ends by itself if the case gives a status; otherwise it is ended here.
end_vm() {
  if [ -z "$wanted_status" ]; then
    kill "$vm_pid" 2>/dev/null
    wait "$vm_pid" 2>/dev/null
    return
  fi
  (sleep 10; kill -9 "$vm_pid") >/dev/null 2>&1 &
  watchdog=$!
  wait "$vm_pid"
  vm_status=$?
  kill "$watchdog" 2>/dev/null
  [ $vm_status -eq "$wanted_status" ] || problem=${problem:-gdbvm ended with status $vm_status, not $wanted_status}
}

script_case() {
  case $1 in *.py) interpreter="python3" ;; *) interpreter="sh" ;; esac
  PYTHONPATH=$here/../support PYTHONDONTWRITEBYTECODE=1
  export PYTHONPATH PYTHONDONTWRITEBYTECODE
  (cd "$WORK" && timeout -k 2 "$limit" "$interpreter" "$1") >"$WORK/output" 2>&1 </dev/null
  script_status=$?
  [ $script_status -eq 0 ] || problem="the script ended with status $script_status"
}

uptime_now() { cut -d ' ' -f 1 /proc/uptime; }
elapsed() { echo "$1 $(uptime_now)" | awk '{ printf "%.1f", $2 - $1 }'; }

run_one() {
  name=$1
  script=$(script_of "$name")
  [ -e "$script" ] || { echo "FAIL $name: there is no such case"; exit 1; }
  [ -x "$GDBVM" ] || { echo "FAIL $name: there is no $GDBVM"; exit 1; }
  trouble=$("$GDBVM" doctor 2>&1 >/dev/null) || skip "$trouble"
  case $name in *@*) VARIANT=${name#*@} ;; *) VARIANT= ;; esac
  export VARIANT
  for wish in $(header needs "$script"); do need "$wish"; done
  [ -z "$VARIANT" ] || [ -x "$build/clients/bin/$VARIANT" ] || skip "tests/clients/fetch has not fetched $VARIANT"
  case $script in *.py) need python3 ;; *.gdb) need "$GDB" ;; esac
  limit=$(header timeout "$script")
  limit=${limit:-20}
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX") || exit 2
  export WORK
  trap 'rm -rf "$WORK"' EXIT
  problem=
  # shellcheck disable=SC2046  # two words
  set -- $(header repeat "$script")
  REPEAT=${1:-1}
  [ -z "$slow" ] || REPEAT=${2:-$REPEAT}
  export REPEAT
  [ "$REPEAT" = "${1:-1}" ] || note=", $REPEAT times instead of $1"
  began=$(uptime_now)
  case $script in *.gdb) gdb_case "$script" ;; *) script_case "$script" ;; esac
  mismatch=$(matches "$cases/${name%@*}.expect" "$WORK/output") || problem="${problem:+$problem; }$mismatch"
  if [ -z "$problem" ]; then
    [ -z "$slow" ] || note="  $(elapsed "$began") s${note:-}"
    echo "ok   $name${note:-}"
    exit 0
  fi
  echo "FAIL $name: $problem"
  sed 's/^/    | /' "$WORK/output"
  exit 1
}

if [ -n "$one" ]; then run_one "$one"; fi

# All cases: xargs keeps JOBS of them running; each writes its report to a file and announces its end, and the reports are
# printed in the order of the names, as soon as all earlier ones are there.
[ -n "$names" ] || names=$(all_names)
reports=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX") || exit 2
trap 'rm -rf "$reports"' EXIT
export reports build cases slow asked
# shellcheck disable=SC2016,SC2086  # expanded by the inner shell; names are words
printf '%s\n' $names |
  xargs -P "$jobs" -n 1 sh -c 'sh "$0" -b "$build" -c "$cases" $slow $asked --one "$1" >"$reports/$1.part" 2>&1; mv "$reports/$1.part" "$reports/$1"; echo' "$0" |
  while read -r _; do
    for name in $names; do
      [ -e "$reports/$name.shown" ] && continue
      [ -e "$reports/$name" ] || break
      cat "$reports/$name"
      : >"$reports/$name.shown"
    done
  done
count() { cat "$reports"/* 2>/dev/null | grep -c "^$1"; }
failed=$(count 'FAIL ')
echo "$(count 'ok   ') passed, $failed failed, $(count 'SKIP ') skipped"
[ "$failed" -eq 0 ]
