"""Copies whose phase is of signal processing alone: of pulses and noise, of a minimum-phase filter.

A mel says how strong each region is. Here it becomes a smooth envelope, the envelope a filter of minimum phase
(Oppenheim, Schafer, "Discrete-time signal processing": the folded real cepstrum), and pulses and noise drive it; or the
true magnitude stays and only the phase is that of a pulse train.
"""

import numpy as np

from voxproof.datasets.fakes.maker import Source, maker
from voxproof.features import f0, log_mel
from voxproof.features.mel import MEL, Floats, hz_to_mel
from voxproof.features.voicing import without_blips
from voxproof.vocoders.phase import Complex, forward, inverse, project
from voxproof.vocoders.source import pulse_train, spectrum

_SHARE = 1.5
_BUZZ_ENDS_HZ = (2_000.0, 5_000.0)  # between them voiced frames go over from pulses to noise


def minimum_phase(log_magnitude: Floats) -> Complex:
    """The spectrum `(frames, n_bins)` of minimum phase that has this log magnitude."""
    cepstrum = np.fft.irfft(log_magnitude, axis=1)
    n = cepstrum.shape[1]
    fold = np.zeros(n)
    fold[0] = fold[n // 2] = 1.0
    fold[1 : n // 2] = 2.0
    return np.exp(np.fft.rfft(cepstrum * fold, axis=1)).astype(np.complex64)


def envelope(mel: Floats) -> Floats:
    """Log magnitude `(frames, n_bins)` by straight lines between the middles of the bands."""
    middles = np.linspace(hz_to_mel(np.array(MEL.fmin)), hz_to_mel(np.array(MEL.fmax)), MEL.n_mels + 2)[1:-1]
    bins = hz_to_mel(np.linspace(0.0, MEL.rate / 2, MEL.n_bins))
    return np.stack([np.interp(bins, middles, frame) for frame in mel.T]).astype(np.float32)


def _excitation(pitch: Floats, seed: int, buzz_all: bool) -> Complex:
    """Pulses and noise of equal power, `(frames, n_bins)`; unvoiced frames are noise."""
    pulses = spectrum(pulse_train(pitch))
    noise = spectrum(np.random.default_rng(seed).standard_normal((len(pitch) - 1) * MEL.hop).astype(np.float32))
    bins = np.linspace(0, MEL.rate / 2, MEL.n_bins)
    low, high = _BUZZ_ENDS_HZ
    share = np.ones(MEL.n_bins) if buzz_all else np.clip((high - bins) / (high - low), 0.0, 1.0)
    voiced = (pitch > 0)[:, None] * share[None]
    mixed: Complex = (np.sqrt(voiced) * pulses + np.sqrt(1 - voiced) * noise).astype(np.complex64)
    return mixed


def _filtered(source: Source, seed: int, buzz_all: bool) -> Floats:
    pitch = without_blips(f0(source.samples))
    mel = log_mel(source.samples)
    driven = _excitation(pitch, seed, buzz_all)
    return inverse(driven * minimum_phase(envelope(mel)))


@maker("own-minphase", "vocoder", "the mel as a minimum-phase filter of pulses and noise", 1989, share=_SHARE)
def mixed(source: Source, seed: int) -> Floats:
    """Pulses below, noise above."""
    return _filtered(source, seed, buzz_all=False)


@maker("own-minphase-buzz", "vocoder", "the mel as a minimum-phase filter of pulses at all heights", 1989, share=_SHARE)
def buzz(source: Source, seed: int) -> Floats:
    """Voiced frames are pulses alone."""
    return _filtered(source, seed, buzz_all=True)


@maker("own-pulse-phase", "vocoder", "the true magnitude with the phase of pulses and noise", 2016, share=_SHARE)
def pulse_phase(source: Source, seed: int) -> Floats:
    """The original's magnitude; eight projections make the phases fit each other."""
    pitch = without_blips(f0(source.samples))
    magnitude = np.abs(forward(source.samples)).astype(np.float32)
    return project(magnitude, _excitation(pitch, seed, buzz_all=False), 8)
