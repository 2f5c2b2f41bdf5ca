"""What every synthesizer is: phonemes and a voice to mel and pitch."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voxproof.features.mel import MEL, Floats, MelSpec
from voxproof.models import load_engine
from voxproof.registry import Registry

Factor = float | Floats
"""A factor on something of the speech: one number, or one for each symbol `(symbols,)`."""


@dataclass(frozen=True)
class SpokenMel:
    """What a synthesizer makes: log-mel `(n_mels, frames)` and pitch `(frames,)` in Hz, 0 where unvoiced.

    `symbols` `(frames,)` says which phoneme each frame belongs to, where the engine knows.
    """

    mel: Floats
    f0: Floats
    symbols: NDArray[np.int64] | None = None


class Synthesizer(ABC):
    """One engine. `spec` says which mel it makes, `encoders` whose embeddings it understands.

    `changes_pitch`: it heeds `pitch`. `changes_within`: it heeds factors that differ from symbol to symbol, and says
    which frames are whose (`SpokenMel.symbols`). A cloner warns where a text asks for more than its synthesizer can do.
    """

    name: str
    spec: MelSpec = MEL
    encoders: tuple[str, ...]
    changes_pitch: bool = False
    changes_within: bool = False

    @abstractmethod
    def synthesize(
        self,
        phonemes: str,
        embedding: Floats,
        *,
        register: float,
        speed: Factor = 1.0,
        pitch: Factor = 1.0,
        seed: int = 0,
    ) -> SpokenMel:
        """Say `phonemes` (of `voxproof.text.phonemes`) in the voice of a unit-norm `embedding` `(dim,)`.

        `register` is the speaker's median pitch in Hz, `speed` a factor on the rate of speech, `pitch` one on f0; each
        is one number or, where the engine `changes_within`, one a symbol `(symbols,)`. An engine that does not is
        given one number, and one that does not change the pitch leaves it. The same seed gives the same mel.
        """


synthesizers: Registry[Synthesizer] = Registry("synthesizer", "voxproof.synthesizers")
DEFAULT = "cantor"


def load_synthesizer(name: str = DEFAULT) -> Synthesizer:
    """The synthesizer whose card has that name."""
    return load_engine(synthesizers, "synthesizer", name)
