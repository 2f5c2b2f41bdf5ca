"""Attacks by somebody who has the detector: the gradient of the score reaches the samples.

The shipped graph's weights are put back into the torch module (`graph_weights`), behind a front end that lets gradients
through (`differentiable_features`). Projected gradient descent (Madry et al., arXiv:1706.06083) then looks for the
addition, so many decibels under the speech, that makes a fake score most like real speech. The detector's thresholds
and the search for speech are not attacked.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from voxproof.detection import Detector
from voxproof.detection.spectral import SpectralDetector as SpectralRuntime
from voxproof.detection.texture import TextureDetector as TextureRuntime
from voxproof.detection.windowed import WINDOWS_AT_ONCE, WindowedDetector
from voxproof.errors import ModelError
from voxproof.evaluation.attacks import RATE, Attack
from voxproof.features.mel import Floats
from voxproof.features.spectrogram import HOP
from voxproof.features.texture import FRAME
from voxproof.models.resolve import file_path
from voxproof.networks.spectral_detector import SpectralDetector
from voxproof.networks.texture_detector import TextureDetector, TextureEnsemble
from voxproof.training.differentiable_features import differentiable_spectrogram, differentiable_texture
from voxproof.training.graph_weights import ensemble_spreads, graph_weights, load_graph_weights

RawScore = Callable[[Tensor], Tensor]  # samples `(n,)` at 16 kHz to the clip's uncalibrated score, a scalar

RATIOS = (50.0, 40.0, 30.0)  # dB of speech over what is added
STEPS = 20
_REACH = 2.5  # of the budget, that all steps together could go
_LOUDEST_GRADIENT = 0.95  # quantile; samples whose gradient is greater (digital silence) would take the whole budget


class WindowScores:
    """Raw scores of a windowed detector's windows, cut as `WindowedDetector.raw_scores` cuts them."""

    def __init__(self, runtime: WindowedDetector, module: nn.Module, front_end: Callable[[Tensor], Tensor]) -> None:
        self.window, self.hop = runtime.window, runtime.hop
        self.module = module.eval().requires_grad_(False)
        self.front_end = front_end

    def __call__(self, samples: Tensor) -> Tensor:
        """`(windows,)` of samples `(n,)`, one for a clip shorter than a window."""
        length = len(samples)
        if length < self.window:
            return self._run(samples.repeat(-(-self.window // length))[: self.window])
        starts = list(range(0, length - self.window + 1, self.hop))
        scores = []
        for first in range(0, len(starts), WINDOWS_AT_ONCE):
            group = starts[first : first + WINDOWS_AT_ONCE]
            scores.append(self._run(samples[group[0] : group[-1] + self.window])[: len(group)])
        if starts[-1] + self.window < length - RATE // 100:
            scores.append(self._run(samples[-self.window :])[:1])
        return torch.cat(scores)

    def _run(self, samples: Tensor) -> Tensor:
        scores: Tensor = self.module(self.front_end(samples)[None])[0]
        return scores


def raw_score(detector: Detector) -> RawScore:
    """The mean raw score of a clip's windows, as a function that gradients go through.

    Knows the engines `texture` (one network or an ensemble) and `spectral`; `ModelError` for others.
    """
    if isinstance(detector, TextureRuntime):
        own = _texture(detector)
    elif isinstance(detector, SpectralRuntime):
        own = _spectral(detector)
    else:
        raise ModelError(
            f"{detector.name} has the engine {detector.card.engine!r}; gradients are known for texture and spectral"
        )
    return lambda samples: own(samples).mean()


def _texture(detector: TextureRuntime) -> WindowScores:
    path = file_path(detector.card, detector.config.file)
    weights, spreads = graph_weights(path), ensemble_spreads(path)

    def network(prefix: str = "") -> TextureDetector:
        width, hidden = (len(weights.get(f"{prefix}{layer}.bias", ())) for layer in ("embed", "hidden"))
        return TextureDetector(width, hidden, window=detector.window // FRAME, hop=detector.hop // FRAME)

    module: nn.Module
    if spreads:
        module = TextureEnsemble([network(f"members.{place}.") for place in range(len(spreads))], spreads)
    else:
        module = network()
    load_graph_weights(module, weights, path)
    return WindowScores(detector, module, differentiable_texture)


def _spectral(detector: SpectralRuntime) -> WindowScores:
    path = file_path(detector.card, detector.config.file)
    module = SpectralDetector(window=detector.window // HOP, hop=detector.hop // HOP)
    load_graph_weights(module, graph_weights(path), path)
    return WindowScores(detector, module, differentiable_spectrogram)


def projected_gradient_descent(score: RawScore, samples: Floats, ratio: float, steps: int = STEPS) -> Floats:
    """Samples plus what lowers `score` most, `ratio` dB under them in power, rounded to 16 bits as a file would be.

    The step follows from the budget (2.5 of it over all steps); the best of all steps is kept. Deterministic.
    """
    clean = torch.from_numpy(np.asarray(samples, np.float32))
    budget = float(clean.norm()) * 10 ** (-ratio / 20)
    added = torch.zeros_like(clean)
    best, lowest = clean, float("inf")
    for step in range(steps + 1):
        heard = (clean + added).clamp(-1, 1).requires_grad_()
        loss = score(heard)
        if float(loss.detach()) < lowest:
            best, lowest = heard.detach(), float(loss.detach())
        if step == steps:
            break
        (gradient,) = torch.autograd.grad(loss, heard)
        gradient = torch.nan_to_num(gradient)
        bound = float(gradient.abs().quantile(_LOUDEST_GRADIENT))
        gradient = gradient.clamp(-bound, bound)
        added = added - gradient * (_REACH * budget / steps / (float(gradient.norm()) + 1e-20))
        added = added * min(1.0, budget / (float(added.norm()) + 1e-20))
    return np.asarray(np.rint(best.numpy() * 32_767) / 32_767, np.float32)


def _descend(samples: Floats, rng: np.random.Generator, *, score: RawScore, ratio: float, steps: int) -> Floats:
    return projected_gradient_descent(score, samples, ratio, steps)


def gradient_attacks(score: RawScore, steps: int = STEPS) -> tuple[Attack, ...]:
    """One attack on fakes for each ratio."""
    return tuple(
        Attack(
            f"PGD {ratio:g} dB",
            f"white box: {steps} steps of projected gradient descent, {ratio:g} dB under the speech",
            partial(_descend, score=score, ratio=ratio, steps=steps),
            both=False,
        )
        for ratio in RATIOS
    )
