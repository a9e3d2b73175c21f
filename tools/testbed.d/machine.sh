# shellcheck shell=bash
# One boot of the testbed: the job layer, the emulator under a time limit, the results, and the clean-up.
# shellcheck disable=SC2154  # vendor, limit, out, port, image, added, cases, cache, lock and root are set by tools/testbed

work=
emulator=
helpers=()

# bound COMMAND...: runs it so that it dies with its parent, even if that is killed by SIGKILL.
bound() { exec setpriv --pdeathsig KILL "$@"; }

# Ends what is still running, by process id, and removes the boot's folder. The emulator is ended first and waited for:
# the console's readers wait for it, and bash waits for a whole pipeline even when asked for one process of it.
clear_up() {
  set +e
  if [[ -n $emulator ]]; then
    kill "$emulator" 2>/dev/null
    wait "$emulator" 2>/dev/null
  fi
  [[ ! -p $work/console ]] || : <>"$work/console" # ends the readers of a console that no emulator came to open
  [[ ${#helpers[@]} -eq 0 ]] || kill "${helpers[@]}" 2>/dev/null
  [[ -z $work ]] || rm -rf "$work"
}
trap clear_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

# prepare MODE COMMAND: initramfs and kernel command line of this boot; the command is shell code.
prepare() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/testbed.XXXXXX") || exit 125
  mkdir -p "$work/layer/job"
  printf '%s\n' "$2" >"$work/layer/job/command"
  printf 'vendor=%s\nmode=%s\n' "$vendor" "$1" >"$work/layer/job/settings"
  [[ -z $image ]] || cp "$image" "$work/layer/job/image"
  local file
  for file in "${added[@]}"; do install -D "${file%%=*}" "$work/layer/gdbvm/${file#*=}"; done
  pack "$work/layer" "$work/job.cpio"
  cat "$cache/base.cpio" "$cache/project.cpio" "$work/job.cpio" >"$work/initrd"
  exec {lock}>&-
  # loglevel=0: the kernel's messages go to its log; a panic is still shown. The rest switches off what costs boot time.
  echo "console=ttyS0,115200 loglevel=0 panic=-1 nokaslr mitigations=off audit=0 security=none" \
    "cryptomgr.notests random.trust_cpu=1 rcupdate.rcu_expedited=1 $("${vendor}_kernel_options")" >"$work/command_line"
}

# start SECONDS CONSOLE SECOND: the emulator in the background, its process id in `emulator`. The limit is processor
# time, so that a busy host does not cut it short; five times as much wall-clock time is for an emulator that only waits.
start() {
  local seconds=$1
  shift
  export -f "${vendor}_emulator" intel_boot_media blocks bochs_line discard_screen watch_emulator bochs_in_terminal
  export work cache parts
  # In a session of its own, so that an emulator that opens the user's terminal is not stopped for reading from it.
  (
    ulimit -c 0
    ulimit -St "$seconds"
    bound setsid timeout -k 2 $((5 * seconds)) setpriv --pdeathsig KILL bash -c "${vendor}_emulator \"\$@\"" bash "$@"
  ) >"$work/emulator.log" 2>&1 </dev/null &
  emulator=$!
}

# was_cut STATUS: by timeout's 124, SIGKILL or SIGXCPU
was_cut() { [[ $1 -eq 124 || $1 -eq 137 || $1 -eq 152 ]]; }

# Copies the console to standard output and to a file. Opening it blocks until the emulator opens it too.
# shellcheck disable=SC2016  # the inner shell's
console() { bound bash -c 'exec tee "$1" <"$2"' bash "$work/console.log" "$work/console"; }

# The job's part of the console's output, as it comes.
job_output() {
  sed -u -n '/^\x1etestbed:begin/,/\x1etestbed:end$/{ /^\x1etestbed:begin/d; s/\x1etestbed:end$//; t last; p; b; :last; /./p }' "$1"
}

# The last output of an emulator or a kernel that never reached the job's beginning.
explain() {
  {
    tail -n 30 "$work/console.log"
    tail -n 10 "$work/emulator.log"
    [[ ! -e $work/bochs.log ]] || tail -n 10 "$work/bochs.log"
  } 2>/dev/null | tr -d '\r' | sed 's/^/    | /' >&2
}

# run_machine COMMAND...: see usage. Without a command, the suite, or those of its cases that were named.
run_machine() {
  local seconds=${limit:-900} status=0 result
  local destination=${out:-$cache/out-$vendor}
  if [[ $# -gt 0 ]]; then
    prepare run "$(printf '%q ' "$@")"
  else
    prepare run "set -- ${cases[*]@Q}"$'\n'"$(<"$parts/suite.sh")"
  fi
  mkfifo "$work/console"
  console | job_output /dev/stdin &
  local reader=$!
  helpers+=("$reader")
  start "$seconds" "file:$work/console" "file:$work/second"
  wait "$emulator" 2>/dev/null || status=$?
  was_cut "$status" || [[ ! -e $work/bochs.status ]] || status=$(<"$work/bochs.status")
  : <>"$work/console" # ends the reader of a console that no emulator came to open
  wait "$reader" || true
  if was_cut "$status"; then
    echo "testbed: exceeded its time limit of $seconds s of processor time" >&2
    grep -q 'testbed:begin' "$work/console.log" || { echo "testbed: the machine had not even started:" >&2; explain; }
    exit 124
  fi
  rm -rf "$work/out"
  mkdir "$work/out"
  tar -C "$work/out" -xzf "$work/second" 2>/dev/null || true
  if [[ ! -e $work/out/job.status ]]; then
    echo "testbed: the machine ended before its job did:" >&2
    explain
    exit 125
  fi
  result=$(<"$work/out/job.status")
  rm "$work/out/job.status"
  rm -rf "$destination"
  mkdir -p "$(dirname "$destination")"
  mv "$work/out" "$destination"
  exit "$result"
}

shell_machine() {
  local terminal settings
  terminal=$(tty) || fail "a shell needs a terminal"
  settings=$(stty -g)
  prepare shell ''
  echo "testbed: booting, $([[ $vendor == intel ]] && echo "about half a minute" || echo "a few seconds"); type exit to end"
  start "${limit:-86400}" "tty:$terminal" "file:$work/second"
  wait "$emulator" 2>/dev/null || true
  stty "$settings" 2>/dev/null || stty sane
}

# free_port FIRST: the first local port that nothing listens on (state 0A; a connection attempt could use up a listener)
free_port() {
  local candidate=$1
  while grep -qi "$(printf ':%04X 00000000:0000 0A' "$candidate")" /proc/net/tcp; do candidate=$((candidate + 1)); done
  echo "$candidate"
}

# debug_machine GDBVM_OPTIONS...
debug_machine() {
  prepare debug "exec build/gdbvm --gdb stdio --serial file:/dev/console $(printf '%q ' "$@" /job/image)"
  port=${port:-$(free_port 1234)}
  bound socat "PTY,link=$work/line,rawer" "PTY,link=$work/far_end,rawer" &
  helpers+=($!)
  mkfifo "$work/console"
  start "${limit:-86400}" "file:$work/console" "tty:$work/line"
  echo "testbed: booting; a breakpoint here takes seconds, a step tenths of a second"
  debug_output < <(console)
  wait "$emulator" 2>/dev/null || true
}

# Serves one gdb, since gdbvm cannot notice over a serial line that another one connects. When gdb leaves, the machine ends.
offer_line() {
  (bound socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr" "FILE:$work/far_end,rawer") || true
  kill "$emulator"
}

# Offers the line to gdb once the machine is up, and shows what the guest and gdbvm print.
debug_output() {
  local line ready=''
  while IFS= read -r line; do
    case $line in
      *$'\x1e'testbed:begin*)
        offer_line &
        helpers+=($!)
        echo "testbed: ready; in gdb: target remote 127.0.0.1:$port"
        ready=1
        ;;
      *$'\x1e'testbed:end*) break ;;
      *) [[ -z $ready ]] || printf '%s\n' "$line" ;;
    esac
  done
  [[ -n $ready ]] || { echo "testbed: the machine ended before its job began:" >&2; explain; exit 125; }
}
