"""Held-out training pages pick a detector's checkpoint and calibrate it: what judges it is never touched."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from voxproof.detection.front_ends import FrontEnd
from voxproof.evaluation.detection_metrics import Trials, eer
from voxproof.training.detector_data import RATE, WIDE_HELD_OUT, PackedClips

HEARD_SECONDS = 3.0  # of each clip, where a network takes any length
CLIPS = 12  # of each class, page and coding, at most

Score = Callable[[NDArray[np.float32]], float]


def held_out_places(pack: PackedClips, pages: set[str], seed: int = 0) -> list[int]:
    """Which clips judge the training: some of each class, page and coding of the held-out pages."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, clip in enumerate(pack.clips):
        if clip.page in pages:
            groups.setdefault((clip.page, clip.coding, clip.label), []).append(place)
    rng = np.random.default_rng(seed)
    kept = [
        rng.permutation(group)[: CLIPS * (5 if page == WIDE_HELD_OUT else 1)] for (page, _, _), group in groups.items()
    ]
    return sorted(int(place) for group in kept for place in group)


def heard(pack: PackedClips, place: int, front_end: FrontEnd, window: int | None) -> torch.Tensor:
    """The features of a held-out clip, undegraded, `(1, ...)`: its first window, or its first seconds."""
    samples = pack[place][: window or int(HEARD_SECONDS * RATE)]
    return torch.from_numpy(front_end(np.resize(samples, max(len(samples), window or RATE))))[None]


@torch.no_grad()
def score_held_out(
    module: nn.Module, pack: PackedClips, places: list[int], front_end: FrontEnd, window: int | None
) -> NDArray[np.float64]:
    """One logit a clip."""
    module.eval()
    return np.array([float(module(heard(pack, place, front_end, window)).mean()) for place in places])


def held_out_eer(pack: PackedClips, places: list[int], scores: NDArray[np.float64]) -> dict[str, float]:
    """EER in percent on held-out clips: all of them, and matched pages without neural codecs."""
    clips = [pack.clips[place] for place in places]
    fake = np.array([clip.fake for clip in clips])
    counts = np.array([clip.matched and clip.family != "codec" for clip in clips])
    figures = {"eer": 100 * float(eer(Trials(scores, fake))[0])}
    if fake[counts].any() and not fake[counts].all():
        figures["eer_matched"] = 100 * float(eer(Trials(scores[counts], fake[counts]))[0])
    return {name: round(value, 2) for name, value in figures.items()}
