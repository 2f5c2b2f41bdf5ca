"""What the GE2E weights of Resemblyzer hear: power mel of partial utterances, with that package's numbers.

The mel is not the project's own: 25 ms windows every 10 ms, 40 bands, power, no logarithm.
"""

import numpy as np

from voxproof.features.mel import Floats, MelSpec, frames_of, hann, mel_filters

GE2E_MEL = MelSpec(rate=16_000, n_fft=400, hop=160, n_mels=40)  # its floor is not used: there is no logarithm
PARTIAL_FRAMES = 160  # 1.6 s
PARTIALS_PER_SECOND = 1.3
MIN_COVERAGE = 0.75  # of the last partial by speech; with less it is left out
TARGET_DBFS = -30.0
_INT16_MAX = 32_767


def raise_volume(samples: Floats, target_dbfs: float = TARGET_DBFS) -> Floats:
    """Bring quiet speech up to `target_dbfs` (root mean square); loud speech and silence stay as they are."""
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
    if rms == 0.0:
        return samples
    change = target_dbfs - 20 * np.log10(rms)
    return samples if change < 0 else (samples * 10 ** (change / 20)).astype(np.float32)


def partial_starts(n_samples: int) -> list[int]:
    """First mel frame of each partial utterance of `n_samples` at 16 kHz; there is always at least one."""
    frames = int(np.ceil((n_samples + 1) / GE2E_MEL.hop))
    step = round(GE2E_MEL.rate / PARTIALS_PER_SECOND / GE2E_MEL.hop)
    starts = list(range(0, max(1, frames - PARTIAL_FRAMES + step + 1), step))
    coverage = (n_samples - starts[-1] * GE2E_MEL.hop) / (PARTIAL_FRAMES * GE2E_MEL.hop)
    return starts[:-1] if coverage < MIN_COVERAGE and len(starts) > 1 else starts


def power_mel(samples: Floats) -> Floats:
    """Power mel spectrogram, float32 `(frames, 40)`; frames are centred and the edges padded with zeros."""
    spectrum = np.fft.rfft(frames_of(samples, GE2E_MEL.n_fft, GE2E_MEL.hop) * hann(GE2E_MEL.n_fft), axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    mel: Floats = power.astype(np.float32) @ mel_filters(GE2E_MEL).T
    return mel


def mel_partials(samples: Floats) -> Floats:
    """The partial utterances of samples at 16 kHz: float32 `(partials, 160, 40)`, zeros behind the end."""
    starts = partial_starts(len(samples))
    missing = (starts[-1] + PARTIAL_FRAMES) * GE2E_MEL.hop - len(samples)
    mel = power_mel(np.pad(samples, (0, max(missing, 0))))
    return np.stack([mel[start : start + PARTIAL_FRAMES] for start in starts])


def utterance_embedding(partials: Floats) -> Floats:
    """Mean of the partials' embeddings, `(partials, dim)` -> `(dim,)`, scaled to length one."""
    mean = partials.mean(axis=0)
    unit: Floats = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return unit
