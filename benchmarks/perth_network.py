"""The Perth watermark (package resemble-perth 1.0.1), to compare with.

Network and weights are the package's own. It imports three packages for small things: torchaudio (two transforms, and
it has to match torch to the version), librosa (resampling) and pkg_resources (one path, gone from setuptools 82 on).
Where they are missing, the few functions that it uses are given here, by the same definitions: `torch.stft`, soxr's
high quality, SciPy's polyphase filter.
"""

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import scipy.signal
import soxr
import torch


class Perth:
    """Presence only: it carries no payload."""

    def __init__(self) -> None:
        _stand_in()
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "0")) or torch.get_num_threads())
        module = import_module("perth.perth_net.perth_net_implicit.perth_watermarker")
        self._mark: Any = module.PerthImplicitWatermarker()

    @torch.no_grad()
    def embed(self, samples: np.ndarray, rate: int) -> np.ndarray:
        """The marked samples, as many as given."""
        marked = np.asarray(self._mark.apply_watermark(samples, sample_rate=rate), np.float32)
        return np.pad(marked, (0, max(0, len(samples) - len(marked))))[: len(samples)]

    @torch.no_grad()
    def confidence(self, samples: np.ndarray, rate: int) -> float:
        """0 to 1; the package rounds, so that 0.5 is its threshold. Silence has none: 0."""
        found = float(np.ravel(self._mark.get_watermark(samples, sample_rate=rate, round=False))[0])
        return 0.0 if np.isnan(found) else found


def _stand_in() -> None:
    if find_spec("pkg_resources") is None:
        _module("pkg_resources", resource_filename=lambda name, path: str(_folder(name) / path))
    if find_spec("librosa") is None:
        _module("librosa", resample=_resample)
    if find_spec("torchaudio") is None:
        _module("torchaudio")
        _module("torchaudio.transforms", Spectrogram=_Spectrogram, InverseSpectrogram=_Inverse, TimeStretch=_Unused)


def _module(name: str, **contents: Any) -> None:
    module = ModuleType(name)
    vars(module).update(contents)
    sys.modules[name] = module


def _folder(package: str) -> Path:
    path = sys.modules[package].__file__
    assert path is not None
    # Asked for by perth/perth_net/__init__.py; the weights lie in perth/perth_net/pretrained.
    return Path(path).parent


def _resample(samples: np.ndarray, *, orig_sr: int, target_sr: int, res_type: str = "soxr_hq") -> np.ndarray:
    if res_type == "polyphase":
        divisor = int(np.gcd(orig_sr, target_sr))
        return scipy.signal.resample_poly(samples, target_sr // divisor, orig_sr // divisor)
    return soxr.resample(samples, orig_sr, target_sr, quality="HQ")


class _Spectrogram(torch.nn.Module):
    """torchaudio's, for a complex result: centred, reflected at the ends."""

    def __init__(self, n_fft: int, win_length: int, hop_length: int, window_fn: Any, **_: Any) -> None:
        super().__init__()
        self.sizes = (n_fft, hop_length, win_length)
        self.register_buffer("window", window_fn(win_length), persistent=True)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        return torch.stft(samples, *self.sizes, window=self.window, return_complex=True)


class _Inverse(_Spectrogram):
    def forward(self, spectra: torch.Tensor) -> torch.Tensor:
        return torch.istft(spectra, *self.sizes, window=self.window)


class _Unused(torch.nn.Module):
    """`TimeStretch`: nothing calls it, but the weights hold its buffer."""

    def __init__(self, n_freq: int, hop_length: int, **_: Any) -> None:
        super().__init__()
        self.register_buffer("phase_advance", torch.linspace(0, torch.pi * hop_length, n_freq)[:, None])
