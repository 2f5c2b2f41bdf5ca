"""What a whole clip's texture is like: the weighted mean and deviation of every measure over the clip.

This is what a linear head can use of texture maps: no order of frames, no network. Computed once and kept.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voxproof.audio import read_audio
from voxproof.evaluation.tasks import Advance, silent
from voxproof.features.mel import Floats
from voxproof.features.texture import MEASURES, texture_maps
from voxproof.files import write_aside

RATE = 16_000  # Hz
VALUES = 2 * MEASURES
_LONGEST = 6.0  # seconds that are heard of a clip
_SMALLEST_WEIGHT = 0.02  # of a frame in a pause, as in the network
_SMALLEST_VARIANCE = 1e-4


def pooled(maps: Floats) -> Floats:
    """Means, then deviations, float32 `(1728,)`, of maps `(frames, 865)`; the last column weights the frames."""
    measures = maps[:, :MEASURES].astype(np.float64)
    weight = np.maximum(maps[:, MEASURES:], _SMALLEST_WEIGHT).astype(np.float64)
    weight /= weight.sum()
    mean = (weight * measures).sum(0)
    variance = (weight * np.square(measures - mean)).sum(0)
    return np.concatenate([mean, np.sqrt(np.maximum(variance, _SMALLEST_VARIANCE))]).astype(np.float32)


def texture_statistics(paths: Sequence[Path], cache: Path, advance: Advance = silent) -> Floats:
    """`pooled` of each file's first 6 s, `(files, 1728)`; kept in `cache` under a hash of paths and sizes.

    `AudioError` for a file that cannot be read.
    """
    key = hashlib.sha256()
    for path in paths:
        key.update(f"{path}\t{path.stat().st_size}\n".encode())
    kept = cache / f"texture-statistics-{key.hexdigest()[:16]}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept), np.float32)
    rows = np.zeros((len(paths), VALUES), np.float32)
    for place, path in enumerate(paths):
        samples = read_audio(path, rate=RATE).samples[: int(_LONGEST * RATE)]
        rows[place] = pooled(texture_maps(samples))
        advance("texture", place + 1, len(paths))
    cache.mkdir(parents=True, exist_ok=True)
    with write_aside(kept) as aside, aside.open("wb") as file:
        np.save(file, rows)
    return rows
