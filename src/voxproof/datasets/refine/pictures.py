"""Spectrograms as grey PNGs, one pixel a value and nothing around: for networks that were made for photographs.

They lie as `torchvision.datasets.ImageFolder` wants them: a folder a split, in it a folder a label.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voxproof.audio import Audio
from voxproof.corpora.row import Row
from voxproof.datasets.refine.plan import NAME
from voxproof.errors import CorpusError
from voxproof.features.mel import Floats
from voxproof.features.mel_db import SPAN, decibels, mel_decibels, power_spectrogram
from voxproof.features.spectrogram_picture import resizing
from voxproof.files import write_aside

FOLDER = "pictures"
RATE = 16_000  # Hz: what both kinds look at
NO_SPLIT, NO_LABEL = "all", "unknown"


def _linear(samples: Floats) -> Floats:
    power = power_spectrogram(samples)
    return decibels(power, float(power.max(initial=0.0)))


KINDS: Mapping[str, Callable[[Floats], Floats]] = {"mel": mel_decibels, "linear": _linear}
"""Samples at 16 kHz to `(bands, frames)` from -80 to 0 dB, low frequencies first."""


def draw(audio: Audio, kind: str, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Grey values `size` (height, width): black is 80 dB under the loudest; time goes to the right, frequency up."""
    height, width = size
    bright = (KINDS[kind](audio.resampled(RATE).samples) / SPAN + 1)[::-1]
    scaled = resizing(bright.shape[0], height) @ bright @ resizing(bright.shape[1], width).T
    return np.asarray(np.clip(np.rint(scaled * 255), 0, 255), np.uint8)


def save(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write grey values `(height, width)` as PNG, whole or not at all."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(path, CorpusError) as aside:
        Image.fromarray(picture).save(aside, "PNG")


def place(row: Row, name: str) -> str:
    """Where the picture of a row goes, relative to the set's folder: `pictures/SPLIT/LABEL/NAME.png`."""
    split, label = row.split or NO_SPLIT, row.label or NO_LABEL
    if not NAME.fullmatch(split):
        raise CorpusError(f"pictures: no folder can be called like the split {split[:40]!r}; deal others ('splits')")
    return f"{FOLDER}/{split}/{label}/{name}.png"
