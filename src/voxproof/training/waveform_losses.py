"""How far made samples are from recorded ones to an ear without phase: mel, and spectra at several resolutions."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from voxproof.features import MEL, mel_filters
from voxproof.features.mel import hann

RESOLUTIONS = ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))  # FFT, hop, window in samples (arXiv 1910.11480)
_FLOOR = 3e-3  # of magnitude, so that silence does not rule; speech at the project's level reaches about 10
_POWER_FLOOR = 1e-10  # under the root, whose slope has no bound at 0


def magnitude(samples: Tensor, n_fft: int, hop: int, window: Tensor) -> Tensor:
    """Of the short-time Fourier transform of `(batch, n)`: `(batch, n_fft // 2 + 1, 1 + n // hop)`; padded by zeros."""
    padded = F.pad(samples, (n_fft // 2, n_fft // 2))
    spectrum = torch.stft(padded, n_fft, hop, len(window), window, center=False, return_complex=True)
    return (spectrum.real**2 + spectrum.imag**2 + _POWER_FLOOR).sqrt()


class MelLoss(nn.Module):
    """Mean absolute difference of log-mels, waveforms `(batch, n)` (arXiv 2010.05646)."""

    window: Tensor
    filters: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("window", torch.from_numpy(hann(MEL.n_fft).copy()), persistent=False)
        self.register_buffer("filters", torch.from_numpy(mel_filters().copy()), persistent=False)

    def log_mel(self, samples: Tensor) -> Tensor:
        """`features.log_mel` with a gradient: `(batch, n)` -> `(batch, n_mels, 1 + n // hop)`."""
        mel = self.filters @ magnitude(samples, MEL.n_fft, MEL.hop, self.window)
        return mel.clamp_min(MEL.floor).log()

    def forward(self, made: Tensor, real: Tensor) -> Tensor:
        """See the class."""
        return F.l1_loss(self.log_mel(made), self.log_mel(real))


class MultiResolutionLoss(nn.Module):
    """Spectral convergence and mean difference of log magnitudes, waveforms `(batch, n)` (arXiv 1910.11480)."""

    def __init__(self, resolutions: tuple[tuple[int, int, int], ...] = RESOLUTIONS) -> None:
        super().__init__()
        self.resolutions = resolutions
        for length in {window for _, _, window in resolutions}:
            self.register_buffer(f"window{length}", torch.from_numpy(hann(length).copy()), persistent=False)

    def forward(self, made: Tensor, real: Tensor) -> Tensor:
        """The mean over resolutions."""
        total = made.new_zeros(())
        for n_fft, hop, length in self.resolutions:
            window = getattr(self, f"window{length}")
            ours, theirs = magnitude(made, n_fft, hop, window), magnitude(real, n_fft, hop, window)
            convergence = (ours - theirs).norm() / theirs.norm().clamp_min(math.sqrt(theirs.numel()) * _FLOOR)
            total = total + convergence + F.l1_loss((ours + _FLOOR).log(), (theirs + _FLOOR).log())
        return total / len(self.resolutions)


class SpectralLosses(nn.Module):
    """The losses of `(batch, samples)` that need no adversary, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.mel = MelLoss()
        self.stft = MultiResolutionLoss()

    def forward(self, made: Tensor, real: Tensor) -> dict[str, Tensor]:
        """Keys `mel` and `stft`."""
        return {"mel": self.mel(made, real), "stft": self.stft(made, real)}
