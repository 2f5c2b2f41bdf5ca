#!/bin/bash
# An array of SLURM: each task builds one part of the set, then one more job puts the parts together. No Ray is needed.
#
#   array=$(sbatch --parsable deploy/slurm-array.sh plan.yaml clones)
#   sbatch --dependency=afterok:"$array" --wrap "voxproof dataset merge clones"
#
# The folder lies on storage that all nodes share, so the parts are in one place and the merge copies nothing. Without
# such storage give each task a folder of its own on its node, bring them together, and name all of them to the merge.
# A task that was killed is submitted again by its number (sbatch --array=7 ...) and goes on where it was.
#SBATCH --job-name=voxproof-build
#SBATCH --array=1-64
#SBATCH --cpus-per-task=8
#SBATCH --mem-per-cpu=2G
#SBATCH --time=24:00:00
#SBATCH --requeue
set -euo pipefail

plan=${1:?usage: sbatch slurm-array.sh PLAN.yaml FOLDER}
folder=${2:?usage: sbatch slurm-array.sh PLAN.yaml FOLDER}

srun voxproof dataset build "$plan" -o "$folder" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --workers "$SLURM_CPUS_PER_TASK" --progress
