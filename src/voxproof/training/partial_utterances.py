"""Batches for GE2E (arXiv 1710.10467): so many speakers, and of each so many partial utterances, all of one length.

A trap: whoever has one clip was heard through one microphone in one room, and a network that tells rooms apart then
seems to tell people apart. So the utterances of a speaker come from as many clips as there are, and only then from
other places of the same clip; no two overlap; each is recoloured and made noisy on its own.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voxproof.errors import CorpusError
from voxproof.features import MEL
from voxproof.training.spectral_augment import augment
from voxproof.training.speech_pack import Clip

_MANY_CLIPS = 50  # a speaker with more is drawn no oftener


def frames_in(clip: Clip) -> int:
    """How many frames a clip has."""
    pack, i = clip
    return int(pack.rows[i]["frames"])


def split_speakers(
    speakers: Mapping[str, list[Clip]], held_out: int, frames: int, seed: int
) -> tuple[dict[str, list[Clip]], dict[str, list[Clip]]]:
    """Speakers to train on, and `held_out` others to judge by, drawn by `seed`.

    Only speakers with two clips of `frames` or more can judge: two places of one clip share their channel. Raises
    `CorpusError` where there are too few of them.
    """
    able = [name for name, clips in speakers.items() if sum(frames_in(clip) >= frames for clip in clips) > 1]
    if len(able) < held_out:
        raise CorpusError(f"held_out: {held_out} speakers with two clips are asked for, and the packs have {len(able)}")
    chosen = set(np.random.default_rng(seed).permutation(able)[:held_out].tolist())
    training = {name: clips for name, clips in speakers.items() if name not in chosen}
    judging = {name: [clip for clip in speakers[name] if frames_in(clip) >= frames] for name in sorted(chosen)}
    return training, judging


class PartialUtterances:
    """Draws batches; a speaker of many clips comes oftener, as the root of their number.

    `utterances` partial utterances of a speaker, of between `shortest` and `longest` frames; speakers whose clips have
    no room for so many of the longest side by side are left out.
    """

    def __init__(
        self, speakers: Mapping[str, list[Clip]], utterances: int, shortest: int, longest: int, seed: int = 0
    ) -> None:
        self.utterances, self.shortest, self.longest = utterances, shortest, longest
        self.rng = np.random.default_rng(seed)
        clips = [[clip for clip in clips if frames_in(clip) >= longest] for clips in speakers.values()]
        self.clips = [some for some in clips if sum(frames_in(clip) // longest for clip in some) >= utterances]
        weight = np.sqrt([min(len(some), _MANY_CLIPS) for some in self.clips])
        self.weight = weight / max(float(weight.sum()), 1e-9)

    def batch(self, speakers: int) -> Tensor:
        """Log-mels `(speakers * utterances, n_mels, frames)`, those of one speaker side by side."""
        frames = int(self.rng.integers(self.shortest, self.longest + 1))
        out = np.zeros((speakers * self.utterances, MEL.n_mels, frames), np.float32)
        chosen = self.rng.choice(len(self.clips), speakers, replace=False, p=self.weight)
        places = [place for speaker in chosen for place in self._places(self.clips[speaker], frames)]
        for k, ((pack, i), start) in enumerate(places):
            out[k] = augment(pack.mel(i)[start : start + frames], self.rng).T
        return torch.from_numpy(out)

    def _places(self, clips: Sequence[Clip], frames: int) -> list[tuple[Clip, int]]:
        """Clips and first frames of a speaker's utterances."""
        cuts = spread(self.utterances, np.array([frames_in(clip) // frames for clip in clips]), self.rng)
        places = []
        for clip, count in zip(clips, cuts.tolist(), strict=True):
            # What the utterances leave free lies at random before, between and behind them.
            gaps = np.sort(self.rng.integers(0, frames_in(clip) - count * frames + 1, count))
            places += [(clip, int(gap) + n * frames) for n, gap in enumerate(gaps)]
        return places


def spread(count: int, room: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """How many of `count` things each place gets, `(places,)`: as even as their `room` allows, at random otherwise."""
    given = np.zeros(len(room), np.int64)
    while (left := count - int(given.sum())) > 0:
        open_places = rng.permutation(np.flatnonzero(given < room))
        if len(open_places) == 0:
            raise ValueError(f"there is room for {int(room.sum())}, not for {count}")
        given[open_places[:left]] += 1
    return given
