"""Features of several draws of the degradation chain for every clip, computed once and kept on disk.

The chain and the front end cost ten times what a small network costs to train on their result, so each clip is sent
through the chain a few times beforehand (the first draw is the clip as it is) and steps only read.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.detection.front_ends import front_end
from voxproof.features.texture import FRAME, VALUES, frames_in
from voxproof.training.augment import Augmenter
from voxproof.training.detector_data import RATE, PackedClips, PairSampler

_CHUNK = 100  # clips a task


class Draws:
    """Texture maps by clip and draw: `draws.crop(clip, draw, frames, rng)` is float32 `(frames, 865)`.

    A file holds all draws of one clip, one after the other; its name is a hash of the clip and of what was done to it.
    """

    def __init__(self, paths: Sequence[Path], frames: NDArray[np.int64], draws: int) -> None:
        self.paths = list(paths)
        self.frames = frames
        self.draws = draws

    def crop(self, clip: int, draw: int, frames: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """A random stretch; shorter clips are repeated, starting anywhere."""
        length = int(self.frames[clip])
        first = int(rng.integers(0, max(length - frames, 0) + 1))
        kept = min(frames, length)
        offset = (draw * length + first) * VALUES * 2
        values = np.fromfile(self.paths[clip], np.float16, kept * VALUES, offset=offset).reshape(kept, VALUES)
        if kept < frames:
            values = np.resize(np.roll(values, -int(rng.integers(0, kept)), axis=0), (frames, VALUES))
        return values.astype(np.float32)


def make_draws(pack: PackedClips, config: Mapping[str, Any], cache: Path, workers: int = 2) -> Draws:
    """Compute what is not in `cache` yet: `draws` draws of at most `draw_seconds` of every clip."""
    draws, seconds = int(config["draws"]), float(config.get("draw_seconds", 4.0))
    chain = dict(config.get("augment", {}))
    longest = int(seconds * RATE)
    folder = Path(cache) / "draws"
    folder.mkdir(parents=True, exist_ok=True)
    done = json.dumps([chain, draws, seconds, VALUES], sort_keys=True)
    keys = [hashlib.sha256(f"{done}:{clip.path}".encode()).hexdigest()[:24] for clip in pack.clips]
    paths = [folder / f"{key}.f16" for key in keys]
    left = [place for place, path in enumerate(paths) if not path.is_file()]
    chunks = [left[first : first + _CHUNK] for first in range(0, len(left), _CHUNK)]
    work = partial(_draw_clips, pack, paths, draws, longest, chain)
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        for number, count in enumerate(pool.map(work, chunks)):
            print(f"drew {number * _CHUNK + count} of {len(left)} clips", flush=True)
    frames = np.array([frames_in(min(pack.length(i), longest)) for i in range(len(pack))], np.int64)
    return Draws(paths, frames, draws)


def _draw_clips(
    pack: PackedClips,
    paths: Sequence[Path],
    draws: int,
    longest: int,
    chain: Mapping[str, float],
    places: Sequence[int],
) -> int:
    augmenter, maps = Augmenter(chain), front_end("texture")
    for place in places:
        # What is drawn hangs on the clip's name alone, not on its class and not on who computes it.
        seed = int.from_bytes(hashlib.sha256(pack.clips[place].path.encode()).digest()[:6], "big")
        drawn = []
        for draw in range(draws):
            rng = np.random.default_rng([seed, draw])
            samples = pack[place]
            first = int(rng.integers(0, max(len(samples) - longest, 0) + 1))
            samples = samples[first : first + longest]
            drawn.append(maps(augmenter(samples, rng) if draw else samples)[: frames_in(len(samples))])
        aside = paths[place].with_suffix(".part")
        np.concatenate(drawn).astype(np.float16).tofile(aside)
        aside.replace(paths[place])
    return len(places)


class DrawnBatches:
    """Batches like those of `Batches`, from `Draws`: both clips of a pair take the same draw, or none is taken."""

    def __init__(self, draws: Draws, sampler: PairSampler, config: Mapping[str, Any]) -> None:
        self.draws = draws
        self.sampler = sampler
        self.pairs = int(config["batch"]) // 2
        self.clean = float(config.get("clean", 1 / draws.draws))
        self.shortest, self.longest = (int(float(s) * RATE) // FRAME for s in config["seconds"])

    def draw(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Features `(batch, frames, 865)`, real and fake by turns, and labels `(batch,)`, 1 for fake."""
        frames = int(rng.integers(self.shortest, self.longest + 1))
        features = []
        for pair in self.sampler.pairs(self.pairs, rng):
            degraded = self.draws.draws > 1 and rng.random() >= self.clean
            draw = int(rng.integers(1, self.draws.draws)) if degraded else 0
            features += [self.draws.crop(place, draw, frames, rng) for place in pair]
        return torch.from_numpy(np.stack(features)), torch.tensor([0.0, 1.0]).repeat(self.pairs)
