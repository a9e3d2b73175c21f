#!/bin/sh
# The recipes in tools/scale, run as by Slurm and Kubernetes, with a gdb-test that only lists: every test is in exactly
# one share.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/tests"
printf '#!/bin/sh\nexec "%s/tools/gdb-test" --list "$@"\n' "$root" >"$work/bin/gdb-test"
chmod +x "$work/bin/gdb-test"
PATH=$work/bin:$PATH
export PATH
i=0
while [ $i -lt 37 ]; do
  i=$((i + 1))
  echo "# guest: kernel.elf" >"$work/tests/t$i.gdb"
  : >"$work/tests/t$i.expect"
done
gdb-test "$work/tests" | sort >"$work/all"
[ "$(wc -l <"$work/all")" -eq 37 ] || exit 1

# shares NAME: checks the shares of all machines, on standard input.
shares() { sort | cmp - "$work/all" || { echo "$1: the shares are not all the tests"; exit 1; }; }

i=0
while [ $i -lt 2 ]; do
  SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_COUNT=2 SLURM_CPUS_PER_TASK=2 sh "$root/tools/scale/slurm.sh" "$work/tests"
  i=$((i + 1))
done | shares slurm.sh || exit 1

yaml=$root/tools/scale/kubernetes.yaml
command=$(sed -n "s|^ *args: \['\(.*\)/tests'\]\$|\1$work/tests|p" "$yaml")
pods=$(sed -n 's/^ *completions: //p' "$yaml")
if [ -z "$command" ] || [ -z "$pods" ]; then echo "kubernetes.yaml does not have the form that this test expects"; exit 1; fi
i=0
while [ $i -lt "$pods" ]; do
  JOB_COMPLETION_INDEX=$i sh -c "$command"
  i=$((i + 1))
done | shares kubernetes.yaml || exit 1

# The image is built from the tree's package lists.
grep -q 'build_packages\[@\]' "$root/tools/scale/Dockerfile"
