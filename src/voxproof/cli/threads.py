"""How many threads NumPy's matrix products take: one, as theirs are too small to share."""

import os
from collections.abc import MutableMapping

_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")  # read when NumPy is imported


def one_thread_for_matrices(environment: MutableMapping[str, str] = os.environ) -> None:
    """Ask OpenBLAS for one thread, here and in processes started from here, unless the user has asked for others.

    Its threads wait by spinning: with a process on every core, which is how many recordings are judged, they take five
    times the time of the work itself. Only before NumPy is imported does it help.
    """
    if not any(environment.get(name) for name in _VARIABLES):
        environment["OPENBLAS_NUM_THREADS"] = "1"
