"""DistillMOS: how good speech sounds, 1 to 5, guessed from the waveform (arXiv:2502.05356).

The weights are those that the package `distillmos` carries. At first use a process of its own turns them into an ONNX
graph in the cache (`voxproof.training.export_distillmos`, which needs torch once); measuring runs on ONNX Runtime.
Longer clips are the mean over windows of 7.68 s at most 1 s apart, shorter ones are padded with silence, as the
package does it.
"""

import subprocess
import sys
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from filelock import FileLock
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.errors import ModelError
from voxproof.evaluation.extra import package_file
from voxproof.evaluation.recognition import threads
from voxproof.paths import cache

RATE = 16_000  # Hz
WINDOW = 122_880  # samples, 7.68 s
LARGEST_HOP = 16_000  # samples between windows
BATCH = 4  # windows at once: bounds the memory
CHECKPOINT_SHA256 = "b18b3ac60227267cfb91e5d00ce22cc7b73716fd92f269484da1446e27031a40"
INSTALL = "pip install --no-deps distillmos==0.9.1"


def windows(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples at 16 kHz cut into `(n, 122880)`; the first window starts at the start, the last ends at the end."""
    over = len(samples) - WINDOW
    if over <= 0:
        return np.pad(samples, (0, -over))[None].astype(np.float32)
    places = np.linspace(0, over, int(np.ceil(over / LARGEST_HOP)) + 1).astype(int)
    return np.stack([samples[place : place + WINDOW] for place in places]).astype(np.float32)


class DistillMos:
    """The predictor; the graph is made and loaded when it is first asked."""

    @cached_property
    def _session(self) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        return onnxruntime.InferenceSession(str(graph()), options, providers=["CPUExecutionProvider"])

    def score(self, audio: Audio) -> float:
        """The mean opinion score that the network expects, 1 to 5."""
        cut = windows(audio.resampled(RATE).samples)
        found = [self._session.run(None, {"waveform": cut[at : at + BATCH]})[0] for at in range(0, len(cut), BATCH)]
        return float(np.concatenate(found).mean())


def graph() -> Path:
    """The ONNX graph in the cache, made if need be; `ModelError` says what is missing for that."""
    made = cache() / "distillmos" / f"{CHECKPOINT_SHA256[:16]}.onnx"
    if made.is_file():
        return made
    checkpoint = package_file("distillmos", "weights/distill_mos_v7.pt", what="DistillMOS", install=INSTALL)
    if sha256(checkpoint.read_bytes()).hexdigest() != CHECKPOINT_SHA256:
        raise ModelError(f"{checkpoint}: not the weights of distillmos 0.9.1; get them anew: {INSTALL}")
    made.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(made.with_suffix(".lock")):
        if not made.is_file():
            _export(checkpoint, made)
    return made


def _export(checkpoint: Path, made: Path) -> None:
    command = [sys.executable, "-m", "voxproof.training.export_distillmos", str(checkpoint), str(made)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode == 0 and made.is_file():
        return
    if "No module named 'torch'" in finished.stderr or "No module named 'onnx'" in finished.stderr:
        raise ModelError("DistillMOS is turned into ONNX once, which needs torch: pip install 'voxproof[train]'")
    last = finished.stderr.strip().splitlines()[-1:] or ["no reason given"]
    raise ModelError(f"DistillMOS could not be turned into ONNX: {last[0]}")
