"""The detectors' front ends in torch, so that a gradient reaches the samples.

The same numbers as `features.spectrogram.compressed_spectrogram` and `features.texture.texture_maps` give (tested to
1e-3), for samples `(n,)` at 16 kHz. What decides and does not measure (which frames sound) is taken as given. Where a
bin is empty its phase has no direction and its gradient no bound, so a magnitude far below that of 16-bit noise is
added under the root.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from voxproof.features.mel import hann
from voxproof.features.spectrogram import BINS, EXPONENT, HEARD, HOP, N_FFT
from voxproof.features.spectrogram import frames_in as spectrogram_frames_in
from voxproof.features.texture import FRAME, RESOLUTIONS, Resolution, frames_in
from voxproof.features.texture.maps import on_grid
from voxproof.features.texture.plane import FLOOR, band_means, sounding

_EDGE = (N_FFT - HOP) // 2
_FEWEST = 4 * FRAME  # samples; shorter sound is repeated
_JUDGE = 1  # which resolution tells frames that sound from pauses
_COMPRESSED_FLOOR = 1e-7  # of magnitude, for a peak of 1 in the samples
_PHASE_FLOOR = 1e-6


def differentiable_spectrogram(samples: Tensor) -> Tensor:
    """`(2, 161, n // 160)`; see `compressed_spectrogram`."""
    scaled = samples / (samples.abs().max() + 1e-8)
    padded = functional.pad(scaled[None, None], (_EDGE, _EDGE), mode="reflect")[0, 0]
    frames = padded.unfold(0, N_FFT, HOP)[: spectrogram_frames_in(len(samples))]
    spectrum = torch.fft.rfft(frames * _window(N_FFT), dim=1)[:, :HEARD]
    power = spectrum.real**2 + spectrum.imag**2 + _COMPRESSED_FLOOR**2
    compressed = torch.view_as_real(spectrum) * power[:, :, None] ** ((EXPONENT - 1) / 2)
    return functional.pad(compressed.permute(2, 1, 0), (0, 0, 0, BINS - HEARD))


def differentiable_texture(samples: Tensor) -> Tensor:
    """`(frames, 865)`; see `texture_maps`."""
    if len(samples) < _FEWEST:
        samples = samples.repeat(-(-_FEWEST // len(samples)))[:_FEWEST]
    samples = samples / (samples.abs().max() + 1e-9)
    count = frames_in(len(samples))
    parts: list[Tensor] = []
    weight = torch.ones(count, 1)
    for place, resolution in enumerate(RESOLUTIONS):
        half = resolution.n_fft // 2
        frames = functional.pad(samples, (half, half)).unfold(0, resolution.n_fft, resolution.hop)
        spectra = torch.fft.rfft(frames * _window(resolution.n_fft), dim=1)[:, : resolution.bins]
        loud = torch.from_numpy(sounding(spectra.detach().abs().numpy()))
        grid = _grid(len(spectra), resolution, count)
        parts.append(grid @ _measures(spectra, loud, resolution))
        if place == _JUDGE:
            weight = grid @ loud[:, None].float()
    return torch.cat([*parts, weight], dim=1)


def _measures(spectra: Tensor, loud: Tensor, resolution: Resolution) -> Tensor:
    """`(frames, 8 * bands)`; see `features.texture.plane.measures`."""
    bands = torch.from_numpy(band_means(resolution.bins, resolution.bands))
    magnitude = torch.sqrt(spectra.real**2 + spectra.imag**2 + _PHASE_FLOOR**2)
    level = torch.log(magnitude + FLOOR)
    unit = spectra / magnitude
    along = unit[:, 1:] * unit[:, :-1].conj()
    onward = unit[1:] * unit[:-1].conj()
    banded = level @ bands
    step = level[1:] - level[:-1]
    return torch.cat(
        [
            banded - banded[loud].mean(),
            banded - torch.log(magnitude @ bands + FLOOR),
            _filled(step.abs() @ bands, 1, 0),
            (level[:, 1:] - level[:, :-1]).abs() @ bands[1:],
            _filled((step[1:] - step[:-1]).abs() @ bands, 1, 1),
            _filled((onward[1:] * onward[:-1].conj()).real @ bands, 2, 0),
            (along[:, 1:] * along[:, :-1].conj()).real @ bands[1:-1],
            _filled((along[1:] * along[:-1].conj()).real @ bands[1:], 1, 0),
        ],
        dim=1,
    )


def _filled(values: Tensor, before: int, after: int) -> Tensor:
    """Edges repeated along the first axis."""
    return torch.cat([values[:1].expand(before, -1), values, values[-1:].expand(after, -1)])


@cache
def _window(length: int) -> Tensor:
    return torch.from_numpy(hann(length))


@cache
def _grid(frames: int, resolution: Resolution, count: int) -> Tensor:
    """The matrix `(count, frames)` that brings frames onto the grid of 20 ms."""
    return torch.from_numpy(on_grid(np.eye(frames, dtype=np.float32), resolution, count))
