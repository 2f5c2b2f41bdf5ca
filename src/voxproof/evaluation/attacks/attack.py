"""What an attack on a detector is: samples in, samples out that should be judged otherwise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voxproof.features.mel import Floats

RATE = 16_000  # Hz, of everything here

# float32 `[n]` at 16 kHz and a generator of random numbers to float32 `[m]` at 16 kHz, finite.
Transform = Callable[[Floats, np.random.Generator], Floats]
# The same with a second recording, a real one of the same page.
Mixture = Callable[[Floats, Floats, np.random.Generator], Floats]


@dataclass(frozen=True)
class Attack:
    """A named attack.

    `both` says whether real clips go through it too: what happens to recordings on their way must not tell the classes
    apart; what only a forger does is done to fakes alone. One of `transform` and `mixture` is given. `missing` says
    why it cannot be done here, if it cannot.
    """

    name: str
    about: str
    transform: Transform | None = None
    mixture: Mixture | None = None
    both: bool = True
    missing: str = ""

    def run(self, samples: Floats, real: Floats | None, rng: np.random.Generator) -> Floats:
        """The attacked samples, at most at full scale; `real` is the other recording that a mixture needs."""
        if self.mixture is not None:
            if real is None:
                raise ValueError(f"{self.name} needs a second recording")
            made = self.mixture(samples, real, rng)
        else:
            assert self.transform is not None
            made = self.transform(samples, rng)
        peak = float(np.abs(made).max(initial=0.0))
        return np.asarray(made / np.float32(max(peak, 1.0)), np.float32)
