"""Samples to features, in NumPy: the one mel spectrogram of the project, pitch, spectrograms."""

from voxproof.features.mel import MEL, MelSpec, log_mel, mel_filters, stft_magnitude
from voxproof.features.pitch import f0

__all__ = ["MEL", "MelSpec", "f0", "log_mel", "mel_filters", "stft_magnitude"]
