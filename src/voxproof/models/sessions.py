"""ONNX Runtime sessions, opened once a process and shared."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from voxproof.cores import THREADS, cores
from voxproof.errors import ModelError
from voxproof.models.card import Card
from voxproof.models.resolve import file_path

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, SessionOptions

MOST_THREADS = 4  # the graphs are small: more threads wait for one another longer than they compute
_sessions: dict[tuple[str, str, int], "InferenceSession"] = {}
_lock = threading.Lock()


def thread_count() -> int:
    """Threads a session uses: `$VOXPROOF_THREADS`, or the cores that the process may use, four at most."""
    given = os.environ.get(THREADS)
    if given:
        if not given.isdigit() or int(given) == 0:
            raise ModelError(f"{THREADS}={given!r}: give a number of threads, 1 or more")
        return int(given)
    return max(1, min(cores(), MOST_THREADS))


def open_session(
    card: Card, file: str = "model.onnx", *, initializers: Mapping[str, NDArray[Any]] | None = None
) -> "InferenceSession":
    """The session of one graph of a model; its file is found and checked by hash first.

    `initializers` are the weights that the graph declares as external and does not bring; they are read when the
    session is opened and belong to it. Sessions are kept and may be run from several threads at once. Raises
    `ModelError` when the file is missing, wrong, or no graph.
    """
    path = file_path(card, file)
    key = (str(path), card.sha256, thread_count())
    with _lock:
        if key not in _sessions:
            _sessions[key] = session_of(path, initializers)
        return _sessions[key]


def session_of(path: Path, initializers: Mapping[str, NDArray[Any]] | None = None) -> "InferenceSession":
    """A new session of the graph at `path`, which nobody checks; `open_session` is the way for models with a card."""
    import onnxruntime

    try:
        options = session_options()
        if initializers:
            values = [
                onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array)) for array in initializers.values()
            ]
            options.add_external_initializers(list(initializers), values)
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # ONNX Runtime raises classes of its own that share no base but Exception.
        raise ModelError(f"{path}: ONNX Runtime cannot open it ({' '.join(str(error).split())})") from None


def session_options() -> "SessionOptions":
    """Options of all sessions: few threads, quiet, and no memory plans, since every clip has another length."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = thread_count()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False
    # Several sessions share the cores: a thread that has nothing to do sleeps instead of spinning.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
