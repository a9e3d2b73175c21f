#!/bin/sh
#SBATCH --job-name=gdb-test
#SBATCH --array=0-15
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --output=gdb-test-%a.txt
# Each task of the array does its share of the tests: sbatch slurm.sh PATH...
# The nodes have gdbvm and gdb, and let the user open /dev/kvm. One JUnit file for each task is in the directory of the
# job.
exec gdb-test --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --jobs "$SLURM_CPUS_PER_TASK" \
  --junit "gdb-test-$SLURM_ARRAY_TASK_ID.xml" "$@"
