#!/bin/sh
#SBATCH --job-name=gdb-test
#SBATCH --array=0-15
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --output=gdb-test-%a.txt
# Each task of the array runs its share of the tests: sbatch slurm.sh PATH...
# The nodes need gdbvm and gdb, and a /dev/kvm that the user may open. Each task writes a JUnit file to the job's
# directory.
exec gdb-test --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --jobs "$SLURM_CPUS_PER_TASK" \
  --junit "gdb-test-$SLURM_ARRAY_TASK_ID.xml" "$@"
