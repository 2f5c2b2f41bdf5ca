"""The one chain through which real and fake go: each kind with its probability, in the order in which sound travels."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from voxproof.degradation import KINDS as DEGRADATIONS
from voxproof.degradation import Degradation, Floats, babble
from voxproof.errors import CorpusError
from voxproof.training.augment.mark import mark

# A clone is marked where it is made, before anything happens to it.
KINDS: dict[str, Degradation] = {"mark": mark, **DEGRADATIONS}


class Augmenter:
    """Applies each kind with its probability, in the order in which sound travels (room before codec).

    `voices` are other people's speech at 16 kHz for babble. The class of a clip is not known here: what is drawn hangs
    on the generator alone.
    """

    def __init__(self, probabilities: Mapping[str, float], voices: Sequence[Floats] | None = None) -> None:
        unknown = set(probabilities) - set(KINDS)
        if unknown:
            raise CorpusError(f"no augmentation {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        self.probabilities = {kind: float(probabilities.get(kind, 0.0)) for kind in KINDS}
        self.kinds = KINDS | ({"babble": partial(babble, pool=voices)} if voices else {})

    def __call__(self, samples: Floats, rng: np.random.Generator) -> Floats:
        """Float32 `(samples,)`, finite and as long as it came."""
        # Drawn before anything is done: how many numbers a kind takes from the generator may hang on the clip.
        for kind in self.drawn(rng):
            samples = self.kinds[kind](samples, rng)
        return np.nan_to_num(samples).astype(np.float32, copy=False)

    def drawn(self, rng: np.random.Generator) -> list[str]:
        """Which kinds happen to the next clip, in order."""
        chances = rng.random(len(self.probabilities))
        return [kind for (kind, p), chance in zip(self.probabilities.items(), chances, strict=True) if chance < p]
