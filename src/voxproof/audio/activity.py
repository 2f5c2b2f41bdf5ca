"""Where somebody speaks: the Silero voice activity detector (MIT), run by ONNX Runtime.

The weights are those of `silero_vad_16k_op15.onnx` of silero-vad 6.2.0, in a graph that takes many windows at once
(`voxproof.training.export_activity`); the package itself is not needed, as it would bring torch. The network hears 512
new samples at 16 kHz after the 64 samples before them, and carries a recurrent state along.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voxproof.audio.sound import Audio
from voxproof.paths import PACKAGE_WEIGHTS

if TYPE_CHECKING:
    import onnxruntime

RATE = 16_000  # Hz, all that the network knows
WINDOW = 512  # new samples a step, 32 ms
_CONTEXT = 64  # samples of the step before, heard again
_STATE = (2, 1, 128)
_AT_ONCE = 512  # windows: 16 s, so that memory does not grow with the recording

THRESHOLD = 0.5  # speech begins at this probability
EXIT_THRESHOLD = 0.35  # and goes on until it falls below this one
MIN_SPEECH_S = 0.250  # shorter bursts are no speech
MIN_SILENCE_S = 0.100  # shorter gaps are part of speech
PAD_S = 0.030  # kept before and after each segment


def speech_segments(audio: Audio) -> list[tuple[float, float]]:
    """Start and end of each stretch of speech in seconds, in order, apart from each other; empty without speech."""
    samples = audio.resampled(RATE).samples
    spoken = _runs(speech_probabilities(samples), len(samples))
    return _padded(spoken, len(samples), audio.duration)


def speech_probabilities(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probability of speech in each window of 512 samples at 16 kHz: float32 `[ceil(n / 512)]`."""
    session = _session()
    windows = -(-len(samples) // WINDOW)
    padded = np.zeros(_CONTEXT + windows * WINDOW, np.float32)
    padded[_CONTEXT : _CONTEXT + len(samples)] = samples
    heard = np.lib.stride_tricks.as_strided(
        padded, (windows, _CONTEXT + WINDOW), (WINDOW * padded.itemsize, padded.itemsize), writeable=False
    )
    state = np.zeros(_STATE, np.float32)
    probabilities = np.empty(windows, np.float32)
    for first in range(0, windows, _AT_ONCE):
        group = np.ascontiguousarray(heard[first : first + _AT_ONCE])
        probabilities[first : first + _AT_ONCE], state = session.run(None, {"windows": group, "state": state})
    return probabilities


class ActivityStream:
    """`speech_probabilities` of sound that is still coming in, one window after the other."""

    def __init__(self) -> None:
        self._heard = np.zeros((1, _CONTEXT + WINDOW), np.float32)
        self._state = np.zeros(_STATE, np.float32)

    def hear(self, window: NDArray[np.float32]) -> float:
        """Probability of speech in the next 512 samples at 16 kHz."""
        self._heard[0, :_CONTEXT] = self._heard[0, -_CONTEXT:]
        self._heard[0, _CONTEXT:] = window
        probability, self._state = _session().run(None, {"windows": self._heard, "state": self._state})
        return float(probability[0])


def trim_silence(audio: Audio) -> Audio:
    """What lies between the first and the last speech; without any speech nothing is cut."""
    segments = speech_segments(audio)
    if not segments:
        return audio
    start, end = round(segments[0][0] * audio.rate), round(segments[-1][1] * audio.rate)
    return Audio(audio.samples[start:end], audio.rate, audio.manifest)


def _runs(probabilities: NDArray[np.float32], length: int) -> list[tuple[int, int]]:
    """Runs of speech in samples, by hysteresis between the two thresholds, without pads."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    quiet: int | None = None  # where the silence began that may end the run
    for i, probability in enumerate(probabilities):
        at = i * WINDOW
        if probability >= THRESHOLD:
            quiet = None
            start = at if start is None else start
        elif start is not None and probability < EXIT_THRESHOLD:
            quiet = at if quiet is None else quiet
            if at - quiet >= MIN_SILENCE_S * RATE:
                runs.append((start, quiet))
                start = quiet = None
    if start is not None:
        runs.append((start, length))
    return [(start, end) for start, end in runs if end - start > MIN_SPEECH_S * RATE]


def _padded(runs: list[tuple[int, int]], length: int, duration: float) -> list[tuple[float, float]]:
    """Runs in samples to segments in seconds with pads; neighbours share a gap that is too short for two pads."""
    pad = int(PAD_S * RATE)
    segments = []
    for i, (start, end) in enumerate(runs):
        before = start if i == 0 else (start - runs[i - 1][1]) // 2
        after = length - end if i == len(runs) - 1 else (runs[i + 1][0] - end) // 2
        segments.append(((start - min(pad, before)) / RATE, min((end + min(pad, after)) / RATE, duration)))
    return segments


@cache
def _session() -> "onnxruntime.InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # too little work to share
    return onnxruntime.InferenceSession(
        PACKAGE_WEIGHTS / "silero-vad" / "model.onnx", options, providers=["CPUExecutionProvider"]
    )
