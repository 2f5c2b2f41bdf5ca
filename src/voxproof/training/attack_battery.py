"""All attacks that need the detector's gradient, for one detector and one corpus."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voxproof.audio import read_audio
from voxproof.detection import Detector
from voxproof.errors import AudioError
from voxproof.evaluation.attacks import RATE, Attack
from voxproof.evaluation.detector_protocol import Row, read_corpus
from voxproof.evaluation.tasks import Advance, silent
from voxproof.features.mel import Floats
from voxproof.training.attack_modifier import STEPS, learn_modifier, modifier_attack
from voxproof.training.attacks_whitebox import gradient_attacks, raw_score

LEARNED_FROM = 128  # fakes of training


def gradient_battery(
    corpus: str | Path, detector: Detector, *, modifier_steps: int = STEPS, advance: Advance = silent
) -> tuple[Attack, ...]:
    """White-box descent at three ratios, and a modifier that is learned here on the training split of `corpus`.

    `ModelError` where the detector's engine gives no gradient.
    """
    score = raw_score(detector)
    fakes = training_fakes(read_corpus(corpus), LEARNED_FROM)
    modifier = learn_modifier(score, fakes, steps=modifier_steps, advance=advance)
    return (*gradient_attacks(score), modifier_attack(modifier))


def training_fakes(rows: Sequence[Row], most: int) -> list[Floats]:
    """Samples at 16 kHz of up to `most` fakes of training, evenly spread; what cannot be read is left out."""
    able = [row for row in rows if row.split == "train" and row.fake and row.family != "codec"]
    if not able:
        return []
    chosen = np.unique(np.linspace(0, len(able) - 1, min(most, len(able))).round().astype(int))
    found: list[Floats] = []
    for place in chosen:
        try:
            found.append(read_audio(able[int(place)].path, rate=RATE).samples)
        except AudioError:
            continue
    return found
