"""NumPy's products stay on one thread, unless the user wants it otherwise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voxproof.cli.threads import one_thread_for_matrices

# OpenBLAS takes its threads when it is loaded, so it has to be asked before anything imports NumPy.
_RUN = """
import os, sys, voxproof.cli
assert "numpy" not in sys.modules, "NumPy is imported before the command line can ask for threads"
voxproof.cli.main(["--help"])
import numpy as np
before = len(os.listdir("/proc/self/task"))
np.ones((900, 900)) @ np.ones((900, 900))
assert len(os.listdir("/proc/self/task")) == before == 1, os.listdir("/proc/self/task")
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads as Linux shows them")
def test_a_product_of_matrices_starts_no_thread() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", _RUN], env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"])
def test_what_the_user_asked_for_stays(name: str) -> None:
    environment = {name: "3"}
    one_thread_for_matrices(environment)
    assert environment == {name: "3"}


def test_nothing_asked_for_means_one() -> None:
    environment: dict[str, str] = {"PATH": "/bin"}
    one_thread_for_matrices(environment)
    assert environment == {"PATH": "/bin", "OPENBLAS_NUM_THREADS": "1"}
