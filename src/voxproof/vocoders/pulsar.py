"""Pulsar at work: pulses at f0, the network's magnitude, and a few projections onto a consistent phase."""

import math

import numpy as np

from voxproof.features.mel import Floats
from voxproof.features.voicing import without_blips
from voxproof.models import Card, load_card, open_session
from voxproof.vocoders.base import Vocoder, vocoders
from voxproof.vocoders.phase import Complex, project
from voxproof.vocoders.source import log_pulses, pulse_train, spectrum

_BUZZ_ENDS_HZ = (3_000.0, 6_500.0)  # between them the phase of voiced frames goes over from pulses to noise
_NOISE_LEVEL = 0.05  # of the source where there is no voice


@vocoders.register("pulsar")
class Pulsar(Vocoder):
    """The graph (`voxproof.networks.pulsar`) takes `mel` and `pulses` and gives the log `magnitude`."""

    def __init__(self, card: Card | None = None) -> None:
        self.card = card or load_card("pulsar")
        self.name = self.card.name
        self.iterations = int(self.card.config.get("iterations", 16))
        self._session = open_session(self.card)
        bins = np.linspace(0, self.spec.rate / 2, self.spec.n_bins)
        low, high = _BUZZ_ENDS_HZ
        self._buzz = np.clip((high - bins) / (high - low), 0, 1).astype(np.float32)

    @property
    def parameters(self) -> int:
        """As its card says."""
        return int(self.card.config.get("parameters", 0))

    def vocode(self, mel: Floats, f0: Floats | None = None, *, seed: int = 0) -> Floats:
        """See `Vocoder.vocode`."""
        frames = mel.shape[1]
        if frames < 2:
            return np.zeros(0, np.float32)
        pitch = np.zeros(frames, np.float32) if f0 is None else without_blips(f0)
        source = spectrum(pulse_train(pitch, self.spec.rate, self.spec.hop))
        feeds = {"mel": mel.T[None].astype(np.float32), "pulses": log_pulses(source)[None]}
        magnitude = np.exp(np.minimum(self._session.run(["magnitude"], feeds)[0][0], math.log(1e3)))
        return project(magnitude, self._first_phase(source, pitch, seed), self.iterations, self.spec)

    def _first_phase(self, source: Complex, pitch: Floats, seed: int) -> Complex:
        """The pulses' phase where voice rules, a random one elsewhere."""
        rng = np.random.default_rng(seed)
        noise = np.empty(source.shape, np.complex64)
        noise.real = rng.standard_normal(source.shape)
        noise.imag = rng.standard_normal(source.shape)
        strength = (pitch > 0)[:, None] * self._buzz[None]
        unit = source / np.maximum(np.abs(source), 1e-6)
        mixed: Complex = strength * unit + (1.0 - strength + _NOISE_LEVEL) * 0.7 * noise
        return mixed.astype(np.complex64)
