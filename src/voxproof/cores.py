"""The processor's cores: how many this process may use, and how processes or workers share them."""

import os

THREADS = "VOXPROOF_THREADS"  # the environment variable for how many threads a model computes with


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_cores(among: int) -> None:
    """Let each of so many processes or workers compute with its share of the cores, unless the user set the threads."""
    os.environ.setdefault(THREADS, str(max(1, cores() // among)))
