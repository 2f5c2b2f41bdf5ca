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
from voxproof.features.texture import MEASURES, statistics, texture_maps
from voxproof.files import write_aside

RATE = 16_000  # Hz
VALUES = 2 * MEASURES
_LONGEST = 6.0  # seconds that are heard of a clip


def texture_statistics(paths: Sequence[Path], cache: Path, advance: Advance = silent) -> Floats:
    """`statistics` of each file's first 6 s, `(files, 1728)`; kept in `cache` under a hash of paths and sizes.

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
        maps = texture_maps(samples)
        rows[place] = statistics(maps, maps[:, MEASURES])
        advance("texture", place + 1, len(paths))
    cache.mkdir(parents=True, exist_ok=True)
    with write_aside(kept) as aside, aside.open("wb") as file:
        np.save(file, rows)
    return rows
