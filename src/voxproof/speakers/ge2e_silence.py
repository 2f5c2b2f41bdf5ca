"""Long silences out, as the Resemblyzer package cuts them before it embeds.

The decision per 30 ms is that of WebRTC's voice activity detector, which comes with that package as the distribution
`webrtcvad`. Its extension module is used directly: the Python file around it needs `pkg_resources`, which new versions
of setuptools no longer have.
"""

import importlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import Floats

RATE = 16_000
WINDOW = 480  # samples, 30 ms
SMOOTHING = 8  # windows of the moving average
LONGEST_SILENCE = 6  # windows that stay between voiced ones
_STRICTEST = 3  # WebRTC's mode


def trim_long_silences(samples: Floats) -> Floats:
    """Samples at 16 kHz without the stretches that hold no voice; all of them where `webrtcvad` is not installed."""
    detector = _detector()
    count = len(samples) // WINDOW
    if detector is None or count == 0:
        return samples
    whole = samples[: count * WINDOW]
    pcm = np.round(whole.clip(-1, 1) * 32_767).astype("<i2").tobytes()
    voiced = np.array(
        [detector(pcm[2 * start : 2 * (start + WINDOW)]) for start in range(0, len(whole), WINDOW)], dtype=bool
    )
    kept = whole[np.repeat(_keep(voiced), WINDOW)]
    # Nothing voiced at all: the package goes on with no samples, which has no embedding.
    return kept if len(kept) else samples


def _keep(voiced: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Windows that stay: a moving average over the decisions, rounded, then widened on both sides."""
    padded = np.pad(voiced.astype(np.float64), ((SMOOTHING - 1) // 2, SMOOTHING // 2))
    smooth = np.round(np.convolve(padded, np.ones(SMOOTHING), "valid") / SMOOTHING).astype(bool)
    reach = LONGEST_SILENCE // 2
    widened = np.convolve(smooth.astype(np.int64), np.ones(2 * reach + 1, np.int64))[reach : reach + len(smooth)]
    return widened > 0


def _detector() -> Any | None:
    """A function from 960 bytes of PCM to whether they hold a voice, with a memory of its own; None without WebRTC."""
    try:
        webrtc = importlib.import_module("_webrtcvad")
    except ImportError:
        return None
    state = webrtc.create()
    webrtc.init(state)
    webrtc.set_mode(state, _STRICTEST)
    return lambda frame: webrtc.process(state, RATE, frame, WINDOW)
