# shellcheck shell=bash
# The stages of tools/check and the sum of their results. Needs lib/common.sh.
# shellcheck source=tools/lib/common.sh disable=SC2154

passed=0
failed=0
skipped=0
jobs=$(nproc)

# add PASSED FAILED SKIPPED
add() {
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
}

# stage TITLE COMMAND...: runs one stage and says how long it took. A stage either counts its own results with add() or
# counts as one passed or failed item. A failed stage does not end the check.
stage() {
  local title=$1 began=$SECONDS counted=$((passed + failed + skipped)) outcome=0
  shift
  echo "== $title"
  "$@" || outcome=$?
  if [[ $outcome -ne 0 && $((passed + failed + skipped)) -eq $counted ]]; then
    add 0 1 0
  elif [[ $((passed + failed + skipped)) -eq $counted ]]; then
    add 1 0 0
  fi
  echo "   $((SECONDS - began)) s"
}

summary() {
  echo "checked in $SECONDS s"
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ $failed -eq 0 ]]
}

# unit_tests BUILD_DIR: CTest's tests except the integration and client cases, which have their own runner, and those of
# the installed tree.
unit_tests() { ctest_tests "$1" -LE 'integration|clients'; }

# install_tests BUILD_DIR: tests of the installed tree and of the packages.
install_tests() { ctest_tests "$1" -L install; }

# ctest_tests BUILD_DIR CTEST_OPTIONS...
ctest_tests() {
  local log outcome=0 build=$1
  shift
  log=$(mktemp)
  ctest --test-dir "$build" "$@" -j "$jobs" --output-on-failure --timeout 120 >"$log" 2>&1 || outcome=$?
  local total bad skips
  total=$(grep -cE '^ *[0-9]+/[0-9]+ Test ' "$log" || true)
  bad=$(grep -cE '\*\*\*(Failed|Timeout|Exception|Not Run)' "$log" || true)
  skips=$(grep -cE '\*\*\*Skipped' "$log" || true)
  if [[ $outcome -ne 0 || $total -eq 0 ]]; then
    cat "$log"
    [[ $bad -gt 0 ]] || bad=1
  elif [[ $skips -gt 0 ]]; then
    grep -E '\*\*\*Skipped' "$log"
  fi
  rm -f "$log"
  [[ $total -ge $((bad + skips)) ]] || total=$((bad + skips))
  echo "   $((total - bad - skips)) passed, $bad failed, $skips skipped"
  add $((total - bad - skips)) "$bad" "$skips"
}

# Why the host's own KVM cannot be used; empty if it can.
kvm_trouble() { { "$root/build/gdbvm" doctor >/dev/null || true; } 2>&1; }

# run_cases BUILD_DIR OPTIONS...: the guests are those of the g++ build, whose line numbers the expectations contain.
run_cases() {
  local log counts trouble build=$1
  shift
  trouble=$(kvm_trouble)
  if [[ -n $trouble ]]; then
    echo "   SKIP all: $trouble"
    add 0 0 1
    return
  fi
  log=$(mktemp)
  GUEST=$root/build/guest sh tests/integration/run.sh -b "$build" -j "$jobs" "$@" | tee "$log" || true
  counts=$(tail -n 1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p')
  rm -f "$log"
  # shellcheck disable=SC2086  # three numbers
  add ${counts:-0 1 0}
}

integration_tests() { run_cases "$1"; }

# client_tests BUILD_DIR CASES PART...: the cases of IDEs and debuggers, which are fetched first if possible.
client_tests() {
  local build=$1 cases=$2
  shift 2
  tests/clients/fetch "$build" "$@" || echo "   not all of $* could be fetched"
  run_cases "$build" -c "$cases"
}

# testbed_suites BUILD_DIR: the integration cases on kvm_intel and kvm_amd, both emulators at once.
testbed_suites() {
  local logs vendor counts status running=()
  logs=$(mktemp -d)
  for vendor in intel amd; do
    "$root/tools/testbed" --build "$1" run "$vendor" >"$logs/$vendor" 2>&1 &
    running+=($!)
  done
  trap 'kill "${running[@]}" 2>/dev/null; exit 130' INT TERM # background processes do not get Ctrl-C
  for vendor in intel amd; do
    status=0
    wait "${running[0]}" || status=$?
    running=("${running[@]:1}")
    counts=$(tail -n 1 "$logs/$vendor" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p')
    # All of the log if the run did not finish.
    if [[ -n $counts ]]; then grep -vE '^(ok   |$)' "$logs/$vendor"; else cat "$logs/$vendor"; fi | sed "s/^/   kvm_$vendor: /"
    [[ -n $counts ]] || echo "   kvm_$vendor: no result; tools/testbed ended with status $status"
    # shellcheck disable=SC2086  # three numbers
    add ${counts:-0 1 0}
  done
  trap - INT TERM
  rm -rf "$logs"
}

# testbed_ends BUILD_DIR: terminated or killed, the testbed leaves nothing running.
testbed_ends() { tests/tools/testbed_ends.sh "$1" 2>/dev/null; }

# run_fuzzers BUILD_DIR: each libFuzzer program for a bounded number of runs.
run_fuzzers() {
  local log found
  log=$(mktemp)
  find "$1" -maxdepth 3 -type f -executable -name '*_fuzz' | sort |
    xargs -P "$jobs" -n 1 sh tests/fuzz/run.sh | tee "$log" || true
  add "$(grep -c '^   ok ' "$log" || true)" "$(grep -c '^   FAIL ' "$log" || true)" 0
  found=$(wc -l <"$log")
  rm -f "$log"
  [[ $found -gt 0 ]]
}

sources() { git ls-files -co --exclude-standard -- 'gdbstub/*' 'vmm/*' 'tests/*' 'guest/*' 'examples/*' | grep -E "$1" || true; }

check_format() {
  sources '\.(cpp|h|c)$' | xargs clang-format-19 --dry-run -Werror
}

check_scripts() {
  shellcheck -x tools/bench tools/demo tools/check tools/testbed .ci/run tools/lib/*.sh tools/testbed.d/*.sh tests/clients/fetch
  shellcheck -s dash tools/testbed.d/init
  shellcheck -x -s sh tests/integration/run.sh tests/integration/lib.sh tests/fuzz/run.sh tests/install/*.sh tests/bench/*.sh tools/scale/*.sh
  shellcheck -x tests/tools/*.sh tools/completion/*.bash
  shellcheck -s sh -e SC2154 tests/clients/lib.sh
  # Cases get variables from the runner, and quote what gdbvm or an inner shell expands.
  find tests/integration/cases tests/clients/cases tests/clients/vscode/cases -name "*.sh" -exec shellcheck -s sh -e SC1090,SC1091,SC2016,SC2154 {} +
}

# Compiles every Python file, without leaving anything behind.
check_python() {
  git ls-files -co --exclude-standard -- '*.py' tools/gdb-test |
    xargs python3 -c 'import sys; [compile(open(name).read(), name, "exec") for name in sys.argv[1:]]'
}

static_checks() {
  local check
  for check in check_format check_scripts check_python "$root/tools/lib/architecture.sh"; do
    if "$check"; then add 1 0 0; else echo "   failed: $(basename "$check")"; add 0 1 0; fi
  done
}

# run_clang_tidy BUILD_DIR: every source of gdbvm, as a clang build compiles them; in a unity build many at once.
run_clang_tidy() {
  python3 -c 'import json, sys; print(*(c["file"] for c in json.load(sys.stdin)), sep="\n")' <"$1/compile_commands.json" |
    grep -E "^($root/|$root/$(basename "$1")/)(gdbstub|vmm)/.*(\.cpp|unity_[0-9]+_cxx\.cxx)$" |
    xargs -P "$jobs" -n 1 clang-tidy-19 -p "$1" --quiet --warnings-as-errors='*' 2>/dev/null
}
