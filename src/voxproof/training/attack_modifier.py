"""A learned spectral modifier: one filter for every fake, that moves what a detector hears towards real speech.

An earlier project warned of a program that erases the traces of synthesis. This is a small one of its kind, and
universal: it is learned once by gradient on fakes of training pages, and then applied to any recording without the
detector. To the log magnitude of a short-time spectrum it adds a gain for every bin, and for every bin three more
times how the level moves around its mean over 15, 45 and 135 ms, which makes these movements sharper or flatter.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from voxproof.errors import CorpusError
from voxproof.evaluation.attacks import Attack
from voxproof.evaluation.tasks import Advance, silent
from voxproof.features.mel import Floats, hann
from voxproof.training.attacks_whitebox import RawScore

N_FFT = 320  # samples: 161 bins of 50 Hz
HOP = 80  # samples, 5 ms
BINS = N_FFT // 2 + 1
SPANS = (3, 9, 27)  # frames that a level is averaged over
LARGEST_GAIN = 6.0  # dB, of a bin
LARGEST_SHARE = 0.5  # of a movement that is added or taken away
STEPS, BATCH, RATE = 60, 4, 0.05
_NEPER = np.log(10) / 20  # of a decibel
_FLOOR = 1e-6
_LONGEST = 48_000  # samples of a clip that are learned from


class SpectralModifier(nn.Module):
    """Samples `(n,)` to samples `(n,)`; as it is made it changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.gains = nn.Parameter(torch.zeros(BINS))
        self.shares = nn.Parameter(torch.zeros(len(SPANS), BINS))
        self.register_buffer("window", torch.from_numpy(hann(N_FFT)), persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """See the class."""
        spectrum = torch.stft(samples, N_FFT, HOP, window=self.window, return_complex=True)
        level = 0.5 * torch.log(spectrum.real**2 + spectrum.imag**2 + _FLOOR**2)
        change = (LARGEST_GAIN * _NEPER * torch.tanh(self.gains))[:, None].expand_as(level)
        finer = level
        for span, share in zip(SPANS, torch.tanh(self.shares), strict=True):
            padded = functional.pad(level[None], (span // 2, span // 2), mode="replicate")
            coarser = functional.avg_pool1d(padded, span, 1)[0]
            change = change + LARGEST_SHARE * share[:, None] * (finer - coarser)
            finer = coarser
        made: Tensor = torch.istft(spectrum * torch.exp(change), N_FFT, HOP, window=self.window, length=len(samples))
        return made


def learn_modifier(
    score: RawScore,
    fakes: Sequence[Floats],
    *,
    steps: int = STEPS,
    batch: int = BATCH,
    seed: int = 0,
    advance: Advance = silent,
) -> SpectralModifier:
    """The modifier that lowers the mean of `score` over `fakes`, samples at 16 kHz. `CorpusError` without any."""
    if not fakes:
        raise CorpusError("a modifier needs fakes to learn from, and the training split has none")
    modifier, rng = SpectralModifier(), np.random.default_rng(seed)
    optimiser = torch.optim.Adam(modifier.parameters(), lr=RATE)
    for step in range(steps):
        optimiser.zero_grad()
        for place in rng.integers(len(fakes), size=batch):
            clip = fakes[place]
            start = int(rng.integers(0, max(len(clip) - _LONGEST, 0) + 1))
            made = modifier(torch.from_numpy(np.asarray(clip[start : start + _LONGEST], np.float32)))
            (score(made) / batch).backward()  # type: ignore[no-untyped-call]
        for parameter in modifier.parameters():
            if parameter.grad is not None:
                torch.nan_to_num_(parameter.grad)
        optimiser.step()
        advance("learning a modifier", step + 1, steps)
    return modifier.eval().requires_grad_(False)


def modifier_attack(modifier: SpectralModifier) -> Attack:
    """The attack that sends fakes through a modifier."""

    def run(samples: Floats, rng: np.random.Generator) -> Floats:
        return np.asarray(modifier(torch.from_numpy(np.asarray(samples, np.float32))).numpy(), np.float32)

    return Attack(
        "spectral modifier",
        f"one filter learned on fakes of training: gains up to {LARGEST_GAIN:g} dB and movements of level up to "
        f"{100 * LARGEST_SHARE:g} % sharper or flatter",
        run,
        both=False,
    )
