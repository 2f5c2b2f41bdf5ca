"""Changes to log-mels that leave the speaker alone: another room's colour, level, noise, masked bands and stretches."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def recolour(mel: Floats, rng: np.random.Generator, strength: float = 0.6) -> Floats:
    """Add a smooth random curve over frequency (a microphone, a room) and a level; mel `(frames, n_mels)`."""
    knots = rng.normal(0, strength, 6)
    curve = np.interp(np.linspace(0, 5, mel.shape[1]), np.arange(6), knots) + rng.normal(0, 0.5)
    return (mel + curve).astype(np.float32)


def add_noise(mel: Floats, rng: np.random.Generator) -> Floats:
    """Mix steady noise with a random spectrum at 5 to 40 dB under the speech's mean level."""
    level = np.log(np.exp(mel).mean()) - rng.uniform(5, 40) / 20 * np.log(10)
    shape = np.interp(np.linspace(0, 5, mel.shape[1]), np.arange(6), rng.normal(0, 1.0, 6))
    grain = np.log(rng.rayleigh(0.8, mel.shape) + 1e-3)
    mixed: Floats = np.logaddexp(mel, level + shape + grain).astype(np.float32)
    return mixed


def mask(mel: Floats, rng: np.random.Generator) -> Floats:
    """SpecAugment's masks (arXiv 1904.08779): up to 10 bands and up to 20 frames become the clip's mean."""
    out = mel.copy()
    mean = float(mel.mean())
    width, length = int(rng.integers(0, 11)), int(rng.integers(0, 21))
    band = int(rng.integers(0, mel.shape[1] - width + 1))
    start = int(rng.integers(0, max(1, mel.shape[0] - length)))
    out[:, band : band + width] = mean
    out[start : start + length] = mean
    return out


def augment(mel: Floats, rng: np.random.Generator) -> Floats:
    """A random mix of the above."""
    if rng.random() < 0.8:
        mel = recolour(mel, rng)
    if rng.random() < 0.5:
        mel = add_noise(mel, rng)
    return mask(mel, rng) if rng.random() < 0.5 else mel
