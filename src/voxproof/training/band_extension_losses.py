"""How far a made upper band is from the real one: its envelope, and spectra of its waveform at three resolutions.

The fine structure above 8 kHz is noise, in the recording and in what is made; the spectra are compared in a logarithm
so that two noises of one level cost the same whatever they are, and what is learned is level alone.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from voxproof.bandwidth_extension import spectrum

SIZES = (256, 512, 1024)  # samples at 24 kHz
_FLOOR = 1e-3  # of magnitude
_HZ_A_BIN = 50.0  # of the grid of `spectrum`
_FIRST_HZ = 8_000.0


def synthesise(mirror: Tensor, gains: Tensor) -> Tensor:
    """As `spectrum.shaped` and `overlapped`: complex `(batch, frames, 80)` to `(batch, (frames - 1) * HOP)`."""
    band = mirror * torch.exp(gains @ torch.from_numpy(spectrum.spread()))
    above = spectrum.N_FFT // 2 + 1 - spectrum.FIRST - band.shape[-1]
    frames = torch.fft.irfft(F.pad(band, (spectrum.FIRST, above)), spectrum.N_FFT) * torch.from_numpy(spectrum.WINDOW)
    return (frames[:, :-1, spectrum.HOP :] + frames[:, 1:, : spectrum.HOP]).flatten(1)


def envelope_loss(made: Tensor, real: Tensor, reach: Tensor) -> Tensor:
    """Mean difference of log envelopes `(batch, frames, bands)` in bands below each clip's `reach` `(batch,)` in Hz."""
    top = _FIRST_HZ + _HZ_A_BIN * spectrum.BAND * torch.arange(1, made.shape[-1] + 1)
    known = (top[None] <= reach[:, None])[:, None].expand_as(made)
    return (made - real).abs()[known].mean()


def spectral_loss(made: Tensor, real: Tensor, reach: Tensor) -> Tensor:
    """Mean difference of log magnitudes between 8 kHz and `reach` of waveforms `(batch, samples)` at 24 kHz."""
    losses = []
    for size in SIZES:
        window = torch.hann_window(size)
        logs = [
            torch.stft(x, size, size // 2, window=window, return_complex=True).abs().clamp_min(_FLOOR).log()
            for x in (made, real)
        ]
        hertz = torch.linspace(0, 12_000, size // 2 + 1)
        known = (hertz[None] >= _FIRST_HZ) & (hertz[None] <= reach[:, None])
        losses.append((logs[0] - logs[1]).abs()[known].mean())
    return torch.stack(losses).mean()
